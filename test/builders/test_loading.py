"""All the ways in which SCons loads a tool with a board."""

import pytest
from fake_project import SITE_TOOLS, Project
from iree_baremetal import board
from iree_baremetal.compiler import tuning

SCRIPT = """
import functools
import os
import sys

WHERE = %r
sys.path.insert(0, WHERE)
import iree_baremetal

def environment(**given):
    return Environment(**{"tools": [], "ENV": os.environ, **given})

""" % str(SITE_TOOLS)

# What env becomes; each time the board is stm32f4.
FORMS = {
    "a name": "env.Tool('iree_baremetal', toolpath=[WHERE], board='stm32f4')",
    "a name, in place of the variable": "env['IREE_BOARD'] = 'qemu-rv32'\nenv.Tool('iree_baremetal', toolpath=[WHERE], board='stm32f4')",
    "the variable": "env['IREE_BOARD'] = 'stm32f4'\nenv.Tool('iree_baremetal', toolpath=[WHERE])",
    "a function": "env.Tool(iree_baremetal.generate, board='stm32f4')",
    "a function, of an environment that overrides": "env = env.Override({})\nenv.Tool(iree_baremetal.generate, board='stm32f4')",
    "a function of a function": "env.Tool(functools.partial(iree_baremetal.generate, board='stm32f4'))",
    "a call": "iree_baremetal.generate(env, board='stm32f4')",
    "a tool": "Tool('iree_baremetal', toolpath=[WHERE], board='stm32f4')(env)",
    "a tool's call": "Tool('iree_baremetal', toolpath=[WHERE])(env, board='stm32f4')",
    "tools, a name": "env = environment(tools=[('iree_baremetal', {'board': 'stm32f4'})], toolpath=[WHERE])",
    "tools, a function": "env = environment(tools=[(iree_baremetal.generate, {'board': 'stm32f4'})])",
    "tools, a function and the variable": "env = environment(tools=[iree_baremetal.generate], IREE_BOARD='stm32f4')",
    "a clone": "env = env.Clone(tools=[('iree_baremetal', {'board': 'stm32f4'})], toolpath=[WHERE])",
    "twice": "env.Tool('iree_baremetal', toolpath=[WHERE], board='stm32f4')\nenv.Tool('iree_baremetal', toolpath=[WHERE], board='stm32f4')",
    "with options": "env.Tool('iree_baremetal', toolpath=[WHERE], variables=Variables(None, {}), board='stm32f4')",
}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path, prefixes=("", "arm-none-eabi-", "riscv64-unknown-elf-"))


def scons(project, text, *arguments):
    project.write("SConstruct", SCRIPT + text)
    return project.scons("-n", *arguments)


def test_every_form_has_the_board(project):
    said = 'print(f"%s: {env[\'IREE_BOARD_DATA\'].name} {env[\'IREE_BOARD\']}", "arm-none-eabi-gcc" in str(env["CC"]))'
    result = scons(project, "".join(f"env = environment()\n{form}\n{said % name}\n" for name, form in FORMS.items()))
    assert result.code == 0, result.text
    assert [line for line in result.text.splitlines() if ": stm32f4" in line] == [
        f"{name}: stm32f4 stm32f4 True" for name in FORMS
    ]


def test_an_option_of_the_call_is_above_the_scripts_board(project):
    text = "env = environment(tools=[('iree_baremetal', {'variables': Variables(None, ARGUMENTS), 'board': 'stm32f4'})], toolpath=[WHERE])\nprint('for', env['IREE_BOARD'])\n"
    assert "for qemu-rv32\n" in scons(project, text, "board=qemu-rv32").text
    assert "for stm32f4\n" in scons(project, text).text


def test_what_is_set_after_loading_counts_or_is_refused(project):
    text = "env = environment(tools=['iree_baremetal'], toolpath=[WHERE], IREE_BOARD='mps2-an386')\n"
    text += "small, own = env.Clone(IREE_OPTIMIZE='size'), env.Clone(IREE_OPTIMIZE='size', IREE_FLAGS='none')\n"
    text += "for name, one in (('env', env), ('small', small), ('own', own)):\n"
    text += "    one.IreeModel('net.mlir', folder=name)\n    print(name, one['IREE_FLAGS'], one['IREE_REWRITES'])\n"
    found = dict(
        line.split(" ", 1) for line in scons(project, text).text.splitlines() if line.split(" ")[0] in ("env", "small", "own")
    )
    on = board.load("mps2-an386")
    speed, size = (tuning.chosen(on, goal) for goal in ("speed", "size"))
    assert speed.flags != size.flags
    assert found == {
        "env": f"{speed.flags} {speed.rewrites}",
        "small": f"{size.flags} {size.rewrites}",
        "own": f"none {size.rewrites}",
    }


@pytest.mark.parametrize("variable, value", [("IREE_STACK", "4K"), ("IREE_FLASH_OFFSET", "32K")])
def test_what_makes_the_board_is_set_before(project, variable, value):
    result = scons(
        project,
        f"env = environment(tools=['iree_baremetal'], toolpath=[WHERE], IREE_BOARD='stm32f4')\nenv['{variable}'] = '{value}'\nenv.IreeModel('net.mlir')\n",
    )
    assert (
        result.code == 2
        and f"{variable}={value}: the tool reads it as it is loaded" in result.text
        and "Traceback" not in result.text
    )


@pytest.mark.parametrize(
    "keyword, said",
    [
        ("IREE_BOARD", "board=… in place of IREE_BOARD="),
        ("optimize", "set env['IREE_OPTIMIZE'] before"),
        ("IREE_DEPLOY", "set env['IREE_DEPLOY'] before"),
    ],
)
@pytest.mark.parametrize("tool", ["'iree_baremetal', toolpath=[WHERE]", "iree_baremetal.generate"])
def test_other_keywords_are_refused(project, tool, keyword, said):
    result = scons(project, f"environment().Tool({tool}, {keyword}='size')\n")
    assert (
        result.code == 2
        and f"takes no {keyword}= as it is loaded" in result.text
        and said in result.text
        and "Traceback" not in result.text
    )


def test_what_few_builds_need_is_not_imported_as_it_is_loaded(project):
    """A null build would take half as long again."""
    result = scons(
        project,
        "import sys\nenv = environment(tools=['iree_baremetal'], toolpath=[WHERE], IREE_BOARD='stm32f4')\n"
        "print('imported:', [name for name in ('numpy', 'elftools', 'xml.sax', 'urllib.request') if name in sys.modules])\n",
    )
    assert result.code == 0 and "imported: []" in result.text
