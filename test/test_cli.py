"""The plain modules as commands: what the builders call."""

import json
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import tools
from iree_baremetal import __version__, cli
from iree_baremetal.codegen import signature
from iree_baremetal.plan.model import Tensor

PACKAGE = Path(cli.__file__).parent
DOUBLE = """
func.func @double(%x: tensor<4xi8>) -> tensor<4xi8> {
  %y = arith.addi %x, %x : tensor<4xi8>
  return %y : tensor<4xi8>
}
"""


@pytest.fixture
def compiled(tmp_path):
    return tools.library(tmp_path, DOUBLE, name="net")


def codegen(folder, program, kernels, *more):
    """The arguments of codegen for the model in folder."""
    stream = folder / "net.stream.mlirbc"
    return [str(a) for a in ("codegen", "net", program, kernels, stream, "-o", folder, "--alignment", 64, *more)]


def command(*arguments):
    return subprocess.run([sys.executable, PACKAGE, *map(str, arguments)], capture_output=True, text=True)


def test_it_runs_as_a_folder():
    assert command("--version").stdout.strip() == __version__
    assert "codegen" in command("--help").stdout


def test_codegen_writes_every_file_and_names_the_tensors(tmp_path, compiled):
    (tmp_path / "net.names.json").write_text(
        json.dumps(
            {
                "inputs": [
                    {"name": "pixels", "note": "scale 0.5, zero point 3", "unsigned": True, "scale": 0.5, "zero_point": 3}
                ],
                "outputs": [{"name": "twice", "note": "", "unsigned": False}],
            }
        )
    )
    arguments = ["--names", tmp_path / "net.names.json", "--origin", "net.onnx", "--compiler-version", "3.13.0"]
    assert cli.main(codegen(tmp_path, *compiled, *arguments)) == 0
    text = (tmp_path / "include/net.h").read_text()
    assert "made from net.onnx by iree-baremetal " in text and "with iree-base-compiler 3.13.0" in text
    assert "int net_double(const uint8_t pixels[4], int8_t twice[4]);" in text
    (function,) = signature.read(tmp_path / "net.plan.json")
    assert function.inputs == [Tensor("pixels", "ui8", (4,), "scale 0.5, zero point 3", 0.5, 3)]
    assert "#define NET_PIXELS_SCALE 0.5f\n#define NET_PIXELS_ZERO_POINT (3)" in text
    plan = json.loads((tmp_path / "net.plan.json").read_text())
    assert plan["model"] == "net" and plan["functions"][0]["c_name"] == "net_double"
    assert all(kernel["name"].startswith("net_") for kernel in plan["kernels"])
    assert (tmp_path / "net_kernels.keep").read_text().split() == [
        name for k in plan["kernels"] for name in (k["symbol"], k["name"])
    ]


def test_the_reference_command_answers_an_npz(tmp_path, compiled):
    assert cli.main(codegen(tmp_path, *compiled)) == 0
    flags = [*tools.compiler.GUIDE_FLAGS, *tools.compiler.target_flags(tools.HOST)]
    tools.run(tools.compiler.find(), *flags, tmp_path / "net.mlir", "-o", tmp_path / "net.vmfb")
    numpy.savez(tmp_path / "fed.npz", inputs=numpy.array([[1, 2, 3, 4], [5, 6, 7, 8]], "i1"))
    arguments = ["reference", tmp_path / "net.vmfb", tmp_path / "net.plan.json", "-o", tmp_path / "out.npz"]
    assert cli.main([*map(str, arguments), "--inputs", str(tmp_path / "fed.npz")]) == 0
    assert numpy.load(tmp_path / "out.npz")["call1_output0"].tolist() == [10, 12, 14, 16]


def test_a_mistake_is_one_message_and_exit_code_2(tmp_path):
    (tmp_path / "program").write_text("no MLIR")
    done = command(*codegen(tmp_path, tmp_path / "program", tmp_path / "none.o"))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.startswith("iree_baremetal: ") and "No such file" in done.stderr


def test_a_missing_package_is_named_with_its_interpreter(monkeypatch, capsys):
    for name in [name for name in sys.modules if name.startswith("iree_baremetal.formats.onnx")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "onnx", None)  # iree-compile's own environment may lack it
    assert cli.main(["import", "net.onnx", "-o", "net.mlir"]) == 2
    said = capsys.readouterr().err
    assert "onnx" in said and f"{sys.executable} -m pip install" in said


def test_an_import_that_fails_of_no_module(monkeypatch, capsys):
    """A binary module that does not fit another says so without a name: there is no package to tell of."""

    def broken(options):
        raise ImportError("numpy.core.multiarray failed to import")

    monkeypatch.setattr(cli.commands, "import_model", broken)
    assert cli.main(["import", "net.onnx", "-o", "net.mlir"]) == 2
    assert capsys.readouterr().err == "iree_baremetal: numpy.core.multiarray failed to import\n"
