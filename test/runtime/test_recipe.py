import dataclasses
from pathlib import Path

import pytest
from iree_baremetal import board as boards
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import deployments, recipe

SUPPORT = Path(recipe.__file__).parents[1] / "support" / "runtime"


@pytest.mark.parametrize("name", deployments.ALL)
def test_all_that_a_build_needs(tree, board, tmp_path, name):
    board.runtime_macros = {"IREE_WAIT_UNTIL_FN": "board_wait"}
    made = recipe.make(board, deployments.get(name), tree, {"IREE_STATUS_MODE": 2})
    assert "#define IREE_STATUS_MODE 2\n" in made.header
    assert "bool board_wait(uint64_t deadline_ns);" in made.header
    assert made.includes(tmp_path)[0] == tree / "runtime/src"
    assert made.includes(tmp_path)[-1] == tmp_path / "runtime/src"
    assert made.flags("config.h")[:2] == ["-include", "config.h"]
    assert len(made.steps(tmp_path, "flatcc")) == (0 if name.endswith("emitc") else 2)


def test_two_boards_differ_in_their_architecture_only(tree, board):
    other = type(board)(**{**vars(board), "triple": "riscv32-pc-linux-elf"})
    first, second = (recipe.make(b, deployments.get("static"), tree) for b in (board, other))
    assert first.sources.sources == second.sources.sources and first.header == second.header


def test_an_unknown_architecture(tree, board):
    board.triple = "xtensa-none-elf"
    with pytest.raises(BaremetalError, match="board m4: IREE's runtime is not known to run on triple 'xtensa-none-elf'"):
        recipe.make(board, deployments.get("static"), tree)


def test_an_unknown_deployment():
    with pytest.raises(BaremetalError, match="There are: static, emitc, inline, inline-emitc, elf, vmvx"):
        deployments.get("dynamic")


@pytest.mark.parametrize("name", deployments.ALL)
def test_a_loader_that_is_turned_off(tree, board, name):
    option = deployments.get(name).loader.option
    with pytest.raises(BaremetalError, match=f"deploy={name} runs its kernels through {option}, which .* turn off"):
        recipe.make(board, deployments.get(name), tree, {option: "0"})


def test_a_heap_on_the_host_and_no_embedded_elf(tree):
    host = boards.load("host")
    assert "#define IREE_HEAP_SIZE" in recipe.make(host, deployments.get("static"), tree).header
    with pytest.raises(BaremetalError, match="deploy=elf is for boards without an operating system; board host has one"):
        recipe.make(host, deployments.get("elf"), tree)


@pytest.mark.parametrize("name", deployments.ALL)
def test_the_glue_exists(name, board):
    deployment = deployments.ALL[name]
    assert all((SUPPORT / file).is_file() for file in (*deployment.glue, *deployment.support(board)))
    text = (SUPPORT / deployment.loader.glue).read_text()
    assert f"{deployment.loader.function}(" in text
    assert f"{deployment.hal.function}(" in (SUPPORT / deployment.hal.glue).read_text()


def test_the_compiler_leaves_out_what_the_runtime_lacks(board):
    deployment = deployments.get("static")
    values = {"IREE_VM_EXT_F32_ENABLE": True, "IREE_VM_EXT_F64_ENABLE": False}
    flags = deployment.compile_flags(board, values)
    assert "--iree-vm-target-extension-f64=false" in flags
    assert "--iree-vm-target-extension-f32=false" not in flags
    vmvx = dataclasses.replace(deployments.get("vmvx")).compile_flags(board, values)
    assert [f for f in vmvx if "backends" in f] == ["--iree-hal-local-target-device-backends=vmvx"]


def test_the_digest_is_of_the_headers(tree, board):
    def digest():
        return recipe.make(board, deployments.get("static"), tree).headers_digest()

    first = digest()
    (tree / "runtime/src/iree/vm/vm.c").write_text("int changed;\n")
    assert digest() == first
    for header in ("runtime/src/iree/hal/hal.h", "runtime/src/iree/vm/detail.inl", "third_party/flatcc/include/flatcc/some.h"):
        (tree / header).write_text("int changed;\n")
        assert digest() != first, header
        first = digest()
