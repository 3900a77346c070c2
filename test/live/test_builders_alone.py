"""Each builder around iree-compile in an SConstruct that calls nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from onnx import TensorProto, helper

TOOLS = Path(__file__).resolve().parents[2] / "site_scons" / "site_tools"
MLIR = """
func.func @double(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = arith.addf %x, %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
"""
SCONSTRUCT = """
import os
env = Environment(tools=["iree_baremetal"], toolpath=[{tools!r}], IREE_BOARD={board!r}, ENV=os.environ)
Default({call})
"""


@pytest.fixture
def build(tmp_path):
    def run(call, board):
        (tmp_path / "double.mlir").write_text(MLIR)
        x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [4]) for name in "xy")
        graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "relu", [x], [y])
        (tmp_path / "relu.onnx").write_bytes(
            helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString()
        )
        (tmp_path / "SConstruct").write_text(SCONSTRUCT.format(tools=str(TOOLS), call=call, board=board))
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        command = [sys.executable, "-m", "SCons", "-Q"]
        said = []
        for _ in range(2):
            done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            said.append(done.stdout)
        assert "is up to date" in said[1], said
        return tmp_path, said[0]

    return run


@pytest.mark.parametrize(
    "call, made",
    [
        ('env.IreeVmfb("double.mlir")', {"double.vmfb": b"arm_32"}),
        (
            'env.IreeStaticLibrary("double.mlir")',
            {
                "double_library.o": b"\x7fELF",
                "double_library.h": b"double_dispatch_0_library_query",
                "double_library.vmfb": b"double_dispatch_0",
            },
        ),
        ('env.IreeImport("relu.onnx")', {"relu.mlir": b"onnx.Relu", "relu.names.json": b'"x"'}),
        ('env.IreeFlow("double.mlir")', {"double.flow.mlirbc": b"ML\xefR"}),
    ],
    ids=["IreeVmfb", "IreeStaticLibrary", "IreeImport", "IreeFlow"],
)
def test_a_builder_stands_alone(build, call, made):
    folder, _ = build(call, "stm32f4")
    for name, content in made.items():
        assert content in (folder / name).read_bytes(), name


@pytest.mark.parametrize(
    "call",
    ['env.IreeVmfb("double.mlir", IREE_COMPILECOMSTR="")', 'env.IreeStaticLibrary("double.mlir", IREE_STATICLIBRARYCOMSTR="")'],
)
def test_kernels_for_riscv_are_mended_in_one_call(build, call):
    folder, said = build(call, "qemu-rv32")
    assert " compile -- " in said
    assert any(folder.glob("double*.vmfb"))
