"""What the deployments on IREE's runtime refuse: exit code 2, no traceback, and the mend; nothing is linked."""

import os
import re
from pathlib import Path

import pytest
from iree_baremetal import compiler
from iree_baremetal.runtime import versions

needs_a_tree = pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")
TREE = os.environ.get("IREE_SOURCE_DIR", "")
COMPILERS = [path for path in os.environ.get("IREE_COMPILE_MATRIX", "").split(":") if path]
TREES = [path for path in os.environ.get("IREE_SOURCE_MATRIX", "").split(":") if path]
PAIRS = [(c, t) for c in COMPILERS for t in TREES]
BUILD = ["board=stm32f4", "deploy=static", "sample=multiply"]


def refusal(checkout, *arguments, **environment):
    text = checkout.scons(*arguments, code=2, **environment)
    assert "Traceback" not in text
    return text


def test_no_tree(checkout, tmp_path):
    text = refusal(checkout, *BUILD, IREE_SOURCE_DIR="", XDG_CACHE_HOME=str(tmp_path))
    assert "needs IREE's source tree" in text
    assert "iree_source=DIR" in text and "IREE_SOURCE_DIR=DIR" in text and "scons fetch-iree" in text
    assert f"into {tmp_path}/iree-baremetal/v" in text


def test_fetching_offline(checkout, tmp_path):
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }
    text = refusal(checkout, "fetch-iree", XDG_CACHE_HOME=str(tmp_path / "cache"), **git)
    assert f"cannot fetch IREE's commit {compiler.commit(compiler.find())}: git failed" in text
    assert "By hand: git init" in text and "iree_source=DIR" in text
    assert not list((tmp_path / "cache/iree-baremetal").iterdir())


def test_a_folder_that_is_no_tree(checkout, tmp_path):
    text = refusal(checkout, *BUILD, f"iree_source={tmp_path}")
    assert f"{tmp_path} (from iree_source=) is not a source tree of IREE" in text


@needs_a_tree
def test_a_tree_without_flatcc(checkout, tmp_path):
    for name in os.listdir(TREE):
        if name not in ("third_party", ".git"):
            (tmp_path / name).symlink_to(Path(TREE, name))
    text = refusal(checkout, *BUILD, f"iree_source={tmp_path}")
    assert f"{tmp_path} lacks third_party/flatcc. Get it: git -C {tmp_path} submodule update --init" in text


@needs_a_tree
def test_a_tree_of_another_version(checkout, tmp_path):
    """The tree at hand, but for the version that its HAL module declares."""
    declared = versions.of_tree(TREE).hal
    _overlay(
        Path(TREE),
        tmp_path,
        "runtime/src/iree/modules/hal/module.c",
        lambda text: re.sub(r"(#define IREE_HAL_MODULE_VERSION_LATEST\b)[\s\\]+\w+", r"\1 99", text),
    )
    text = refusal(checkout, *BUILD, f"iree_source={tmp_path}", "run")
    assert f"needs version 0.{declared} of the HAL module; the tree {tmp_path} provides 0.99" in text
    assert "scons fetch-iree" in text and "iree_source=DIR" in text
    assert "link " not in text


def _overlay(tree, folder, changed, change):
    """A tree of links to the files of tree, with one file changed."""
    here = folder
    for part in Path(changed).parts:
        for name in os.listdir(tree):
            if name != part and name != ".git":
                (here / name).symlink_to(tree / name)
        tree, here = tree / part, here / part
        if tree.is_dir():
            here.mkdir()
    here.write_text(change(tree.read_text()))


@pytest.mark.skipif(not PAIRS, reason="IREE_COMPILE_MATRIX and IREE_SOURCE_MATRIX name no compilers and trees")
@pytest.mark.parametrize("deploy", ["static", "elf", "vmvx", "emitc", "inline", "inline-emitc"])
@pytest.mark.parametrize("tool, tree", PAIRS)
def test_every_pair_of_compiler_and_tree_runs_or_is_refused(checkout, tool, tree, deploy):
    path = os.pathsep.join([str(Path(tool).parent), os.environ["PATH"]])
    build = ["board=stm32f4", f"deploy={deploy}", "sample=multiply", f"iree_source={tree}", "run", "verify"]
    # The interpreter has its own compiler; the one named comes first here.
    text = checkout.scons(*build, f"iree_compile={tool}", code=None, PATH=path)
    assert "Traceback" not in text
    if "needs version" in text:
        assert f"made by iree-compile {compiler.version(tool)}, needs version" in text
        assert f"the tree {tree} provides" in text and "link " not in text
    elif "inline" in deploy and compiler.version(tool) == "3.11.0":
        assert "this release of iree-compile cannot compile for the inline HAL" in text
    else:
        assert "all products right" in text and "agree with the host" in text


@needs_a_tree
def test_a_loader_that_is_turned_off(checkout):
    option = "IREE_HAL_EXECUTABLE_LOADER_STATIC_LIBRARY"
    text = refusal(checkout, *BUILD, f"runtime_options={option}=0")
    assert f"deploy=static runs its kernels through {option}, which the runtime's options turn off" in text


@needs_a_tree
def test_a_loader_that_the_model_needs_and_the_runtime_lacks(checkout):
    checkout.write("samples/flags/multiply.mlir", (checkout.folder / "samples/multiply/multiply.mlir").read_text())
    checkout.write(
        "samples/flags/SConscript",
        """
Import("env")
own = env.Clone()
own.Append(IREE_COMPILEFLAGS=["--iree-llvmcpu-link-embedded=false", "--iree-llvmcpu-link-static"])
own.Default(own.IreeFirmware("flags", ["#samples/multiply/main.c", own.IreeModel("multiply.mlir")]))
""",
    )
    text = refusal(checkout, "board=stm32f4", "deploy=elf", "sample=flags")
    assert "has its kernels as static; deploy=elf runs embedded-elf-… only" in text


@needs_a_tree
@pytest.mark.parametrize(
    "options, said",
    [
        ("IREE_STATUS_MOD=2", "no option IREE_STATUS_MOD here. Did you mean IREE_STATUS_MODE?"),
        ("IREE_ENABLE_THREADING=1", "IREE_ENABLE_THREADING cannot be 1 on bare metal: a board has one thread"),
        ("IREE_STATUS_MODE=7", "IREE_STATUS_MODE=7: say one of 0, 2, 3"),
    ],
)
def test_options_that_cannot_be(checkout, options, said):
    assert said in refusal(checkout, *BUILD, f"runtime_options={options}")


@needs_a_tree
def test_two_runtimes_in_one_folder(checkout):
    checkout.write(
        "samples/two/SConscript",
        """
Import("env")
env.IreeRuntime()
env.Clone(IREE_RUNTIME_OPTIONS={"IREE_STATUS_MODE": "2"}).IreeRuntime()
""",
    )
    text = refusal(checkout, "board=stm32f4", "deploy=static", "sample=two")
    assert (
        "is for IREE_RUNTIME_OPTIONS={}, and cannot be for {'IREE_STATUS_MODE': '2'}, too. Give one of the environments another IREE_RUNTIME_DIR."
        in text
    )


@needs_a_tree
@pytest.mark.parametrize("name", ["stm32f4", "qemu-rv32"])
def test_a_heap_that_is_exhausted(checkout, name):
    text = refusal(checkout, f"board={name}", "deploy=static", "sample=multiply", "heap=8K", "run")
    assert re.search(r"heap exhausted: \d+ bytes asked for, \d+ of 8192 in use\. Build with more: heap=", text)
    assert re.search(r"multiply.elf ended with exit code 40 on board " + name, text)


@needs_a_tree
def test_a_scalar(checkout):
    model = checkout.write(
        "models/scalar.mlir",
        """
func.func @scale(%x: tensor<4xf32>, %factor: f32) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<4xf32>
  %factors = linalg.fill ins(%factor : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
  %y = arith.mulf %x, %factors : tensor<4xf32>
  return %y : tensor<4xf32>
}
""",
    )
    text = refusal(checkout, "board=stm32f4", "deploy=static", f"model={model}", "run")
    assert "@scale: input1 is a scalar, which only deploy=direct takes. Make it a tensor of one element (tensor<f32>)" in text


def test_a_dynamic_shape_without_the_runtime(checkout):
    text = refusal(checkout, "board=stm32f4", "sample=dynamic")
    assert "@center: dimension 0 of input 0 is dynamic" in text and "static shapes" in text


@needs_a_tree
def test_a_harness_has_nothing_for_dynamic_shapes(checkout):
    text = refusal(checkout, "board=stm32f4", "deploy=static", "model=samples/dynamic/dynamic.mlir", "verify")
    assert "dynamic: there is nothing to feed it, as all its functions have dynamic shapes" in text


@needs_a_tree
def test_an_embedded_elf_on_the_host(checkout):
    text = refusal(checkout, "board=host", "deploy=elf", "sample=multiply")
    assert "deploy=elf is for boards without an operating system; board host has one. Take deploy=static" in text
