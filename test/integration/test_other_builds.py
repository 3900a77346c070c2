"""Firmware by other build systems that are SCons beneath, and by clang: each gains a model with a few lines.

Every one is built twice, since what a first build generates must not disturb the second; runs in QEMU; and is cleaned.
"""

import shutil
import subprocess

import pytest
from projects import Project

TOOL = "third_party/iree"
LOAD = f'env.Tool("iree_baremetal", toolpath=["{TOOL}/site_scons/site_tools"], board="cortex-m4f")\n'
BESIDE = "../iree"  # where the project's own tools find sources below it
LOAD_BESIDE = LOAD.replace(TOOL, BESIDE)
LOAD_BELOW = (
    f'env.Tool("iree_baremetal", toolpath=["#{TOOL}/site_scons/site_tools"], board="cortex-m4f")\n'  # in a folder's SConscript
)


def gain(project, changes):
    """Makes changes, file -> (text before, lines in place of it), of at most 4 lines; and the application calls the model."""
    lines = [line for _, new in changes.values() for line in new.splitlines()]
    kept = [line for old, _ in changes.values() for line in old.splitlines()]
    assert len([line for line in lines if line not in kept]) <= 4
    for name, (old, new) in changes.items():
        path = project.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    for path in (*project.folder.rglob("main.c"), *project.folder.rglob("main.cpp")):
        path.write_text(path.read_text().replace("#ifdef WITH_MODEL", "#if 1"))


def said(elf):
    """What the firmware says in QEMU."""
    command = ["qemu-system-arm", "-machine", "mps2-an386", "-display", "none", "-semihosting", "-kernel", elf]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def answers(elf):
    done = said(elf)
    return (done.stdout + done.stderr).split()


def serves(project, elf, changes, *arguments):
    project.run(*arguments)
    assert answers(project.folder / elf) == ["no", "model"]
    gain(project, changes)
    before, folders = project.files() - {elf}, project.folders()
    project.run(*arguments)
    assert answers(project.folder / elf) == ["1"]
    assert project.run(*arguments).strip().endswith("up to date.")
    assert not [folder for folder in project.folders() if "harness" in folder]  # which is for those who ask
    assert "on cortex-m4f@mps2-an386 agree with the host" in project.run("verify", *arguments)
    assert "an inference" in project.run("bench", *arguments)
    assert project.run(*arguments).strip().endswith("up to date.")
    project.run("-c", *arguments)
    assert project.files() <= before
    assert {folder for folder in project.folders() - folders if not folder.startswith("build")} == set()


@pytest.fixture
def copied(tmp_path):
    def copy(name, models, tool=TOOL):
        project = Project.copy(name, tmp_path / name)
        project.add_tool(tool)
        project.add_model(models)
        return project

    return copy


def test_an_operating_systems_board_package(copied):
    """RT-Thread's shape: the tool mingw, groups by Glob, a board.h of its own, C99, the linker's warnings errors."""
    project = copied("rtos", "model")
    was, becomes = ((project.folder / "model" / name).read_text() for name in ("SConscript", "SConscript.model"))
    serves(project, "rtos.elf", {"model/SConscript": (was, becomes)})


def test_a_tool_that_finds_sources_in_all_folders(copied):
    """modm's shape: what is not in the build folder is compiled, and the linker's warnings are errors."""
    project = copied("recursive", "models", BESIDE)
    model = f'{LOAD_BESIDE}sources += (model := env.IreeModel("models/digits.onnx", folder="build/digits"))\nenv.IreeVerify(model)\nenv.IreeBench(model)\n'
    serves(project, "build/application.elf", {"SConstruct": ("env.Program(", f"{model}env.Program(")})


FIRMWARE = """
def firmware(env, target, sources, **words):
    return env.Program(target, [env.Object(source) for source in env.Flatten(sources)], **words)

env.AddMethod(firmware, "Firmware")
env.Firmware("build/application.elf", sources)
"""


def test_a_builder_that_takes_sources_only(copied):
    """laks's shape: each source of a Firmware is compiled, so that a model comes as a library."""
    project = copied("recursive", "models", BESIDE)
    path = project.folder / "SConstruct"
    path.write_text(path.read_text().replace('env.Program("build/application.elf", sources)\n', FIRMWARE))
    model = f'{LOAD_BESIDE}model = env.IreeModel("models/digits.onnx", folder="build/digits")\nenv.IreeVerify(model), env.IreeBench(model)\n'
    model += 'env.Firmware("build/application.elf", sources, LIBS=[model.library])\n'
    serves(project, "build/application.elf", {"SConstruct": ('env.Firmware("build/application.elf", sources)\n', model)})


@pytest.mark.parametrize("lto", ["no", "yes"])
def test_a_library_with_its_examples(copied, lto):
    """stm32plus's shape: all tools of SCons's, then another compiler; each example in a clone, in a folder beside its sources."""
    project = copied("library", "examples/classify")
    model = f'{LOAD_BELOW}matches.append(model := env.IreeModel("digits.onnx"))\nenv.IreeVerify(model)\nenv.IreeBench(model)\n'
    serves(
        project,
        "examples/classify/build/small/classify.elf",
        {"examples/classify/SConscript": ("elf = ", f"{model}elf = ")},
        f"lto={lto}",
    )


CLANG = """
import os

MACHINE = ["--target=arm-none-eabi", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
LIBRARIES = "/usr/lib/arm-none-eabi/newlib/thumb/v7e-m+fp/hard"
env = Environment(ENV=os.environ, tools=["clang", "ar", "gnulink"%(more)s], LINK="clang")
env.Append(
    CCFLAGS=MACHINE + ["-std=c11", "-O2", "-Wall", "-Werror", "-isystem", "/usr/include/newlib"],
    CPPPATH=["#include"],
    LINKFLAGS=MACHINE + ["-fuse-ld=lld", "-nostdlib", "-L" + LIBRARIES, "-Tfirmware.ld"],
    LIBS=["m", "c_nano", "gcc"],
    LIBPATH=[os.popen("arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -print-file-name=.").read().strip()],
)
%(load)s
Export("env")
SConscript("src/SConscript", variant_dir="out", duplicate=False)
"""


@pytest.mark.skipif(
    not (shutil.which("clang") and shutil.which("ld.lld") and shutil.which("llvm-objcopy")), reason="needs clang, lld and llvm"
)
@pytest.mark.parametrize("early", [False, True], ids=["loaded when complete, outputs over inputs", "loaded among the tools"])
def test_clang_with_lld_and_llvm_objcopy(tmp_path, early):
    project = Project.copy("foreign", tmp_path / "foreign")
    project.add_tool(TOOL if not early else ".")
    project.add_model("models")
    texts = {
        "more": ', "iree_baremetal"], IREE_BOARD="cortex-m4f", toolpath=["site_scons/site_tools"' if early else "",
        "load": "" if early else f'env["IREE_OVERLAP"] = True\n{LOAD}',
    }
    (project.folder / "SConstruct").write_text(CLANG % texts)
    layout = project.folder / "firmware.ld"
    unwinding = "*(.ARM.exidx* .ARM.extab*)"  # lld wants a section of its own for it
    layout.write_text(layout.read_text().replace(f"{unwinding} }} > CODE", f"}} > CODE\n  .ARM.exidx : {{ {unwinding} }} > CODE"))
    script = project.folder / "src/SConscript"
    (project.folder / "src/SConscript.model").replace(script)
    script.write_text(script.read_text().replace("env.IreeRun(classify)\n", ""))
    assert "-objcopy" not in project.run("verbose=1").replace("llvm-objcopy", "")
    assert answers(project.folder / "out/classify") == ["1"]
    assert project.run().strip().endswith("up to date.")
    assert "agree with the host" in project.run("verify")


def test_a_whole_firmware_of_a_core_is_not_run(copied):
    project = copied("rtos", "model")
    script = project.folder / "SConstruct"
    script.write_text(
        script.read_text().replace("from building", f"{LOAD}from building").replace("env.Program(", "rtos = env.Program(")
        + "env.IreeRun(rtos)\n"
    )
    done = project.attempt("run")
    assert done.returncode == 2 and "cortex-m4f is a core, of which no memory is known to run a whole firmware in" in done.stderr
