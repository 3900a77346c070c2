import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import cmake


def read(tmp_path, text, **variables):
    path = tmp_path / "CMakeLists.txt"
    path.write_text(text)
    return cmake.read(path, variables, {"rule"}, {"message hello"}.__contains__)


def names(tmp_path, text, **variables):
    return [rule.one("NAME") for rule in read(tmp_path, text, **variables)]


@pytest.mark.parametrize(
    "condition, holds",
    [
        ("ON_", True),
        ("OFF_", False),
        ("NOT OFF_", True),
        ("MISSING", False),
        ("NOT MISSING", True),
        ('ARCH STREQUAL "arm_32"', True),
        ('NOT ARCH STREQUAL "arm_32"', False),
        ('"${ARCH}" STREQUAL "arm_32" AND OFF_', False),
        ("OFF_ OR ON_", True),
        ("(OFF_ OR ON_) AND NOT OFF_", True),
        # Left to right, with no precedence of AND.
        ("ON_ OR ON_ AND OFF_", False),
        ('ARCH MATCHES "^arm"', True),
        ("DEFINED OFF_", True),
        ("DEFINED MISSING", False),
        ("TRUE", True),
        ("0", False),
        ('"ON_"', False),
    ],
)
def test_conditions(tmp_path, condition, holds):
    found = names(
        tmp_path, f"if({condition})\nrule(NAME yes)\nelse()\nrule(NAME no)\nendif()", ON_="ON", OFF_="OFF", ARCH="arm_32"
    )
    assert found == ["yes" if holds else "no"]


def test_elseif_and_nesting(tmp_path):
    text = """
        if(A STREQUAL "1")
          rule(NAME one)
        elseif(A STREQUAL "2")
          if(B)
            rule(NAME two-b)
          else()
            rule(NAME two)
          endif()
        else()
          rule(NAME other)
        endif(A)
    """
    assert names(tmp_path, text, A="2", B="ON") == ["two-b"]
    assert names(tmp_path, text, A="2") == ["two"]
    assert names(tmp_path, text, A="3") == ["other"]


def test_the_branch_not_taken_may_hold_anything(tmp_path):
    assert names(tmp_path, "if(OFF)\n unknown_command(x)\nendif()\nrule(NAME a)") == ["a"]


def test_return_ends_the_file(tmp_path):
    assert names(tmp_path, "rule(NAME a)\nif(ON)\nreturn()\nendif()\nunknown()") == ["a"]


def test_variables_and_lists(tmp_path):
    text = """
        set(_SRCS "a.c" "b.c")   # a comment
        list(APPEND _SRCS c.c)
        string(TOUPPER ${WHO} _WHO)
        string(REGEX REPLACE "-" "_" _WHO ${_WHO})
        get_property(_OF VARIABLE PROPERTY LIST_${_WHO})
        rule(NAME x SRCS ${_SRCS} ${_OF} "${_SRCS}" DEFINES "A=\\"q\\"" )
    """
    (rule,) = read(tmp_path, text, WHO="my-own", LIST_MY_OWN="d.c")
    assert rule.all("SRCS") == ["a.c", "b.c", "c.c", "d.c", "a.c;b.c;c.c"]
    assert rule.all("DEFINES") == ['A="q"']
    assert not rule.undefined


def test_undefined_variables_are_told(tmp_path):
    (rule,) = read(tmp_path, "rule(NAME x DEPS ${ELSEWHERE})")
    assert rule.undefined == {"ELSEWHERE"} and rule.all("DEPS") == []


def test_bracket_arguments_and_comments(tmp_path):
    (rule,) = read(tmp_path, "#[[ rule(NAME no) ]]\nrule(NAME [=[a]]b]=])")
    assert rule.one("NAME") == "a]]b"


@pytest.mark.parametrize(
    "text, line, what",
    [
        ("rule(NAME a)\n\nwhile(x)\nendwhile()", 3, "does not know while(x)"),
        ("message(hello)\nmessage(bye)", 2, "does not know message(bye)"),
        ("set(A 1 PARENT_SCOPE)", 1, "does not know set"),
        ("if(A VERSION_LESS 3)\nendif()", 1, "cannot judge 'VERSION_LESS'"),
        ("\nif(A)\nrule(NAME a)", 2, "no endif()"),
        ("rule(NAME a", 1, "no end to 'rule('"),
        ('rule(NAME "a)', 1, "cannot read"),
        ("rule(a.c)", 1, "before any keyword"),
    ],
)
def test_errors_name_file_and_line(tmp_path, text, line, what):
    with pytest.raises(BaremetalError) as caught:
        read(tmp_path, text)
    assert what in str(caught.value)
    assert f"{tmp_path / 'CMakeLists.txt'}:{line}:" in str(caught.value)


def test_a_loop(tmp_path):
    text = "set(NAMES a b)\nforeach(N ${NAMES})\nforeach(M x)\nrule(NAME ${N}${M})\nendforeach()\nendforeach()\nforeach(N ${NONE})\nrule(NAME no)\nendforeach()\n"
    assert names(tmp_path, text) == ["ax", "bx"]
    with pytest.raises(BaremetalError, match=r"foreach\(\) has no endforeach\(\)"):
        read(tmp_path, "foreach(N a)\nrule(NAME x)\n")


def test_global_properties_are_empty(tmp_path):
    assert names(tmp_path, "get_property(OUT GLOBAL PROPERTY OTHERS)\nif(NOT OUT)\nrule(NAME yes)\nendif()\n") == ["yes"]
