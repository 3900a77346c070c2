"""Whose compiler it is: what the tool leaves of an environment that has, or gets, one of the caller's."""

import pytest
from fake_project import SITE_TOOLS, Project

CROSS = "arm-none-eabi-gcc"
SCRIPT = """
import os

def environment(*tools, **given):
    return Environment(tools=tools, toolpath=[%r], ENV=os.environ, IREE_PYTHON=os.environ["IREE_PYTHON"], IREE_COMPILE=os.environ["IREE_COMPILE"], **given)

def plain(env):
    # Neither of the tool's own nor of what a compilation database or another load of a tool leaves.
    return {k: str(v).replace("deque(", "").rstrip(")") for k, v in env.Dictionary().items() if "IREE" not in k and "COMPILATIONDB" not in k and k not in ("BUILDERS", "TOOLS", "OBJCOPY", "CPPPATH")}

def same(env, other):
    mine, theirs = plain(env), plain(other)
    for key in sorted(mine.keys() | theirs.keys()):
        assert mine.get(key) == theirs.get(key), (key, mine.get(key), theirs.get(key))
    print("the same")

""" % str(SITE_TOOLS)
# As RT-Thread's board packages have it.
THEIRS = dict(
    CC=CROSS,
    CCFLAGS=" -mcpu=cortex-m4 -DHAVE",
    CXX="arm-none-eabi-g++",
    AS=CROSS,
    ASFLAGS=" -c",
    AR="arm-none-eabi-ar",
    LINKFLAGS=" -T a.ld",
)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path, prefixes=("", "arm-none-eabi-"))


def scons(project, text, *arguments):
    project.write("SConstruct", SCRIPT + text)
    return project.scons("-n", *arguments)


def same(project, text):
    result = scons(project, text)
    assert result.code == 0 and "the same" in result.text, result.text


@pytest.mark.parametrize("tools", ["'mingw'", "'default'", "'gcc', 'g++', 'gnulink', 'ar', 'gas'"])
def test_what_environment_puts_back_after_its_tools(project, tools):
    same(
        project,
        f"env = environment({tools}, 'iree_baremetal', IREE_BOARD='stm32f4', **{THEIRS})\n"
        f"same(env, environment({tools}, **{THEIRS}))\n"
        "env.IreeModel('net.mlir')\n"
        f"same(env, environment({tools}, **{THEIRS}))\n",
    )


@pytest.mark.parametrize("tools", ["'mingw'", "'default'", "'gcc', 'gnulink'"])
def test_a_compiler_that_comes_later(project, tools):
    changes = "env.Replace(CC='arm-none-eabi-gcc', AR='arm-none-eabi-ar'); env.Append(CCFLAGS=['-mcpu=cortex-m4'], CPPDEFINES=['MINE'], LIBS=['c'])"
    same(
        project,
        f"env = environment({tools}, 'iree_baremetal', IREE_BOARD='stm32f4')\n{changes}\nenv.IreeModel('net.mlir')\n"
        f"first, env = env, environment({tools})\n{changes}\nsame(first, env)\n",
    )


def test_clang_is_the_callers(project):
    changes = "env.Append(CCFLAGS=['--target=arm-none-eabi', '-mcpu=cortex-m4'])"
    same(
        project,
        f"env = environment('clang', 'iree_baremetal', IREE_BOARD='stm32f4')\n{changes}\nenv.IreeModel('net.mlir')\n"
        f"first, env = env, environment('clang')\n{changes}\nsame(first, env)\n",
    )


def test_loaded_when_the_environment_is_complete(project):
    same(
        project,
        f"env = environment('mingw', **{THEIRS})\nenv.Tool('iree_baremetal', toolpath=[{str(SITE_TOOLS)!r}], board='stm32f4')\n"
        f"env.IreeModel('net.mlir')\nsame(env, environment('mingw', **{THEIRS}))\n",
    )


REFUSED = {
    "PlatformIO before its platform": (
        "env = environment('gcc', PIOENV='board')\nenv.Tool('iree_baremetal', toolpath=[%r], board='stm32f4')\n"
        % str(SITE_TOOLS),
        "gcc compiles for this machine",
    ),
    "a host's GCC to stay": (
        "env = environment('gcc', 'iree_baremetal', CC='gcc', IREE_BOARD='stm32f4')\nenv['CC'] = '/usr/bin/gcc-12'\n",
        "gcc-12 compiles for this machine",
    ),
    "clang without a target": (
        "env = environment('clang', 'iree_baremetal', CC='clang', IREE_BOARD='stm32f4')\n",
        "clang needs --target",
    ),
    "another one in place of ours": (
        "env = environment('iree_baremetal', IREE_BOARD='stm32f4')\nenv['CC'] = 'armclang'\n",
        "CC=armclang: this environment has the compiler and the flags for board stm32f4",
    ),
}


@pytest.mark.parametrize("text, said", REFUSED.values(), ids=REFUSED)
def test_a_mixture_is_refused(project, text, said):
    result = scons(project, f"{text}env.IreeModel('net.mlir')\n")
    assert result.code == 2 and said in result.text and "Traceback" not in result.text
    assert "env.Tool('iree_baremetal', board='stm32f4')" in result.text


def test_ours_kept_elsewhere(project):
    """Its flags are the board's, as they were."""
    result = scons(
        project,
        "env = environment('iree_baremetal', IREE_BOARD='stm32f4')\nenv['CC'] = '/opt/arm-none-eabi-gcc'\nenv.Object('extra.c')\nenv.IreeModel('net.mlir')\n",
        "verbose=1",
    )
    assert (
        result.code == 0
        and "-mcpu=cortex-m4"
        in scons(
            project,
            "env = environment('iree_baremetal', IREE_BOARD='stm32f4', IREE_VERBOSE=1)\nenv['CC'] = '/opt/arm-none-eabi-gcc'\nenv.IreeModel('net.mlir')\nenv.Object('extra.c')\n",
        ).text
    )


@pytest.mark.parametrize(
    "given",
    [
        "CC='armclang', OBJSUFFIX='.o', PROGSUFFIX='.axf'",
        "CC='iccarm', OBJSUFFIX='.o', LIBPREFIX='', PROGSUFFIX='.out'",
        "CC=''",
        "CC='$MISSING'",
    ],
)
def test_compilers_that_answer_nothing(project, given):
    """armclang and IAR are not to be had here; their naming, and that they do not know GCC's questions."""
    for name in ("armclang", "iccarm"):
        project.write(f"tools/{name}", "#!/bin/sh\necho 'Fatal error: unknown option' >&2; exit 2\n").chmod(0o755)
    result = scons(
        project,
        f"env = environment('gcc', 'ar', 'gnulink', {given})\nenv.Tool('iree_baremetal', toolpath=[{str(SITE_TOOLS)!r}], board='stm32f4')\nmodel = env.IreeModel('net.mlir')\nenv.Program('application', ['main.c', model])\nprint(model.library)\n",
    )
    assert result.code == 0 and "Traceback" not in result.text, result.text
