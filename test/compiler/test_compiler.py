"""iree-compile: found, its version known without running it, its messages sifted."""

import re
import sys
from pathlib import Path

import pytest
from iree_baremetal import board, compiler
from iree_baremetal.errors import BaremetalError


def installed(folder, version=None, name="iree-compile"):
    """A tool in an environment as pip makes them."""
    tool = folder / "bin" / name
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o755)
    if version:
        metadata = folder / f"lib/python3.11/site-packages/iree_base_compiler-{version}.dist-info/METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: iree-base-compiler\nVersion: {version}\n")
    return tool


def test_it_is_found_on_the_path_and_beside_the_interpreter(tmp_path, monkeypatch):
    tool = installed(tmp_path)
    assert compiler.find(path=str(tool.parent)) == str(tool)
    monkeypatch.setattr(sys, "executable", str(tool.parent / "python3"))
    assert compiler.find(path=str(tmp_path)) == str(tool)


def test_a_missing_one_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    with pytest.raises(BaremetalError, match=rf"iree-compile not found\. .*pip install iree-base-compiler=={compiler.PINNED}"):
        compiler.find(path=str(tmp_path))


def test_the_pinned_version_is_the_required_one():
    for file, ending in (("requirements.in", ""), ("requirements.txt", " \\")):
        requirements = Path(__file__).resolve().parents[2] / file
        assert f"{compiler.PACKAGE}=={compiler.PINNED}{ending}" in requirements.read_text().splitlines()


def test_the_version_is_that_of_the_tools_package(tmp_path):
    assert compiler.version(str(installed(tmp_path / "a", "3.14.0rc1"))) == "3.14.0rc1"
    assert compiler.version(str(installed(tmp_path / "b"))) == "unknown"


def test_the_commit_is_what_it_says_itself(tmp_path):
    assert re.fullmatch("[0-9a-f]{40}", compiler.commit(compiler.find()))
    with pytest.raises(BaremetalError, match="does not name the commit of IREE .* iree_source=DIR"):
        compiler.commit(str(installed(tmp_path)))


def test_the_interpreter_is_that_of_the_tools_environment(tmp_path):
    tool = installed(tmp_path)
    assert compiler.python(str(tool)) == sys.executable
    python = installed(tmp_path, name="python3")
    assert compiler.python(str(tool)) == str(python)


def test_target_flags_are_the_boards():
    def flags(name):
        return dict(flag.removeprefix("--iree-llvmcpu-target-").split("=", 1) for flag in compiler.target_flags(board.load(name)))

    assert flags("host") == {"cpu": "generic"}
    stm32f4 = flags("stm32f4")
    assert (stm32f4["cpu"], stm32f4["float-abi"]) == ("cortex-m4", "hard")
    assert "abi" not in stm32f4
    assert flags("qemu-rv32")["abi"] == "ilp32f"


HARMLESS = "<unknown>:0: warning: Resolution of CPU to CPU-features is not implemented on this target architecture\n"


def test_harmless_messages_are_left_out():
    assert compiler.diagnostics(HARMLESS) == ""
    with_note = "net.mlir:1:1: " + HARMLESS.split(": ", 1)[1] + "func.func @f()\n^\nnet.mlir:2:3: note: see current operation\n"
    assert compiler.diagnostics(with_note) == ""


def test_other_messages_are_kept_whole():
    error = "net.mlir:3:8: error: 'arith.addi' op is wrong\n  %0 = arith.addi %a, %b\n       ^\nnet.mlir:1:1: note: called from\n"
    assert compiler.diagnostics(error) == error.strip()
    warning = "<unknown>:0: warning: something else\n"
    assert compiler.diagnostics(HARMLESS + warning + error) == (warning + error).strip()
    assert compiler.diagnostics(error + HARMLESS) == error.strip()
    other_tool = "iree_baremetal: out of weights\n"
    assert compiler.diagnostics(HARMLESS + other_tool) == other_tool.strip()


def test_a_failure_is_its_errors_or_else_all_there_is():
    error = "net.mlir:3:8: error: no such thing\n  %0 = thing\n       ^\n"
    note = "net.mlir:1:1: note: see current operation: a whole module\nmore of it\n"
    assert compiler.failure("net.mlir:1:1: warning: odd\n" + error + note) == error.rstrip("\n")
    own = "iree_baremetal: overlap=1 needs something."
    assert compiler.failure("net.mlir:1:1: warning: odd\n" + note + own + "\n") == own
    assert compiler.failure("Please report this crash\nStack dump:\n") == "Please report this crash\nStack dump:"
    torch = 'x.mlir:1:1: error: failed to legalize operation \'torch.operator\' : "torch.operator"() <{name = "onnx.Foo"}>\n'
    found = compiler.failure(torch, {"Foo": ["a/foo"]})
    assert found.startswith("IREE has no lowering for the ONNX operator Foo, node 'a/foo'.\n")


def test_the_operator_of_a_failure_is_that_of_its_errors():
    """Warnings name others, and what could not be lowered may be part of an operator."""
    warning = 'x.mlir:1:1: warning: odd\n    %1 = torch.operator "onnx.Conv"(%0)\n'
    error = "x.mlir:2:1: error: failed to legalize operation 'arith.truncf'\n    %2 = torch.operator \"onnx.MatMul\"(%1)\n"
    found = compiler.failure(warning + error, {"Conv": ["a"], "MatMul": ["b"]})
    assert found.startswith("IREE cannot compile the ONNX operator MatMul, node 'b'.\n")


def test_a_blank_line_does_not_end_the_harmless_message():
    text = (
        "Resolution of CPU to CPU-features is not implemented on this target architecture. Pass more.\n"
        "m.mlir:4:10: warning: while creating CPU target: Resolution of CPU to CPU-features is not implemented here\n"
        "\n"
        "    %0 = something\n"
        "         ^\n"
    )
    assert compiler.diagnostics(text) == ""


@pytest.mark.parametrize(
    "status, messages, said",
    [
        (-11, "", "iree-compile crashed (SIGSEGV), a defect of its own"),
        (-9, "", "iree-compile was killed by SIGKILL. Build again"),
        (1, "no room\nPlease report issues to …\nStack dump:\n0. main", "iree-compile crashed (exit code 1)"),
    ],
)
def test_a_crash_is_told_without_its_stack(status, messages, said):
    told = compiler.crash("/opt/iree-compile", status, messages)
    assert told.startswith(said) and "Stack dump" not in told and "0. main" not in told
    assert ("no room" in told) == ("no room" in messages)


def test_an_error_is_no_crash():
    assert compiler.crash("iree-compile", 1, "a.mlir:1:1: error: no") == ""


@pytest.mark.parametrize(
    "name, expected",
    [
        ("qemu-rv32", True),
        ("qemu-rv64", True),
        ("riscv_32", True),
        ("qemu-rv32-vector", False),
        ("stm32f4", False),
        ("host", False),
    ],
)
def test_kernels_are_mended_where_llvm_has_extremes_wrong(name, expected):
    assert compiler.is_to_be_mended(" ".join(compiler.target_flags(board.load(name)))) is expected
