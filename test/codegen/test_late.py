"""Numbers that only run time knows: C computes of them what the host program would at build time."""

import itertools
import sys
from pathlib import Path

import pytest
import tools
from host_programs import *
from iree_baremetal.codegen import late
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import order
from iree_baremetal.plan.model import Late, Load

sys.path.insert(0, str(Path(__file__).parents[1] / "plan"))
from test_integers import BINARY, EDGES, PREDICATES, is_defined  # noqa: E402

READ = "    %v = hal.buffer.load<%x : !hal.buffer>[%c0] : {type}\n"


def body(type_, other):
    """MLIR of every operation on what is read, %v, and a constant; the names of the results, of i64."""
    text, names = [f"    %k = arith.constant {other} : {type_}", "    %nothing = arith.constant 0 : i64"], []

    def result(expression, of):
        name = f"%r{len(names)}"
        text.append(f"    {name}_ = {expression}")
        text.append(
            f"    {name} = " + (f"arith.addi {name}_, %nothing : i64" if of == "i64" else f"arith.extsi {name}_ : {of} to i64")
        )
        names.append(name)

    for one, two in (("%v", "%k"), ("%k", "%v")):
        for name in BINARY:
            if all(
                is_defined(name, a, b, type_)
                for a, b in itertools.product(EDGES[type_], repeat=2)
                if other in ((b,) if one == "%v" else (a,))
            ):
                result(f"arith.{name} {one}, {two} : {type_}", type_)
        for predicate in PREDICATES:
            result(f"arith.cmpi {predicate}, {one}, {two} : {type_}", "i1")
    result(f"arith.select {names[-1]}_, %v, %k : {type_}", type_)
    if type_ != "i64":
        result(f"arith.extui %v : {type_} to i64", "i64")
    if type_ != "i8":
        result(f"arith.trunci %v : {type_} to i8", "i8")
    return "\n".join(text) + "\n", names


def words(buffer, type_, value, other):
    """The constants of a dispatch that gets the low and the high word of each result."""
    text, names = body(type_, other)
    listed, halves = [], ["    %bits = arith.constant 32 : i64"]
    for name in names:
        halves += [f"    {name}_low = arith.trunci {name} : i64 to i32", f"    {name}_upper = arith.shrui {name}, %bits : i64"]
        halves.append(f"    {name}_high = arith.trunci {name}_upper : i64 to i32")
        listed += [f"{name}_low", f"{name}_high"]
    call = dispatch("k", ("t", 0, 16), ("t", 0, 16), constants=", ".join(listed))
    read = READ.format(type=type_)
    if buffer == "constant":
        found = plan(
            function(
                "f", "", 0, constant("x", value), alloca("t", 16), read, text, "\n".join(halves), call, execute(), returns()
            ),
            kernels=[kernel(constants=len(listed))],
        )
    else:
        found = plan(
            function("f", X, 0, argument("x", 4), alloca("t", 16), read, text, "\n".join(halves), call, execute(), returns()),
            kernels=[kernel(constants=len(listed))],
        )
    return next(step for step in steps(found) if hasattr(step, "kernel")).constants


@pytest.mark.parametrize("type_", EDGES)
def test_c_computes_what_is_known_of_a_constant(tmp_path, type_):
    other = {"i8": 7, "i32": 3, "i64": 4}[type_]
    cases, lines = [value for value in EDGES[type_]], []
    expected = []
    for value in cases:
        size = int(type_[1:]) // 8
        content = value.to_bytes(size, "little", signed=True)
        expected.append(words("constant", type_, content + bytes(8 - size), other))
    for word in words("input", type_, None, other):
        lines.append(f'    printf("%u ", (unsigned)(uint32_t){late.expression(word, "loaded")});')
    values = ", ".join(late.expression(value, "") for value in cases)
    (tmp_path / "a.c").write_text(
        "#include <stdint.h>\n#include <stdio.h>\nint main(void) {\n" + f"  static const int64_t cases[] = {{{values}}};\n"
        + f"  for (int i = 0; i < {len(cases)}; ++i) {{\n    const int64_t *loaded = &cases[i];\n" + "\n".join(lines) + '\n    printf("\\n");\n  }\n  return 0;\n}\n'
    )  # fmt: skip
    tools.run("gcc", "-std=c11", "-O1", "-fsanitize=undefined", "-fno-sanitize=shift", tmp_path / "a.c", "-o", tmp_path / "a")
    found = [tuple(map(int, line.split())) for line in tools.run(tmp_path / "a").splitlines()]
    assert found == expected


def test_a_load_is_a_step_before_what_needs_it():
    call = dispatch("k", ("x", 0, 16), ("t", 0, 16), constants="%v")
    found = plan(
        function(
            "f",
            X,
            1,
            argument("x", 4),
            alloca("t", 16),
            READ.format(type="i32"),
            call,
            execute(),
            view("y", "t", 0, 16, 4),
            returns("y"),
        ),
        kernels=[kernel(constants=1)],
    )
    first, second = steps(found)
    assert first == Load(span("input", 4), 0, "i32") and second.constants == (Late("load", "i32", (0,)),)
    assert order._needs([first, second]) == [set(), {0}]


@pytest.mark.parametrize(
    "use",
    [
        "    cf.cond_br %w, ^a, ^a\n  ^a:\n",
        "    %w64 = arith.extui %w : i1 to i64\n    %i = arith.index_cast %w64 : i64 to index\n"
        + alloca("t", 16).replace("%c16", "%i"),
    ],
)
def test_what_the_steps_depend_on_is_refused(use):
    compare = "    %zero8 = arith.constant 0 : i8\n    %w = arith.cmpi eq, %v, %zero8 : i8\n"
    with pytest.raises(BaremetalError, match="known only at run time"):
        plan(function("f", X, 0, argument("x", 4), READ.format(type="i8"), compare, use, returns()))
