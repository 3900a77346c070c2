"""The generated C refuses a compiler for another core than the kernels': of every family against every other."""

import re
import subprocess

import pytest
import tools
from iree_baremetal import board
from iree_baremetal.codegen import guards, helpers
from iree_baremetal.codegen.kernels_object import KernelsObject

MODEL = """func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.maximumf %a, %b : tensor<4xf32>
  return %0 : tensor<4xf32>
}
"""
BOARDS = (
    "microbit",
    "mps2-an385",
    "mps2-an386-nofpu",
    "mps2-an386",
    "stm32f746-discovery",
    "mps2-an500",
    "mps2-an505",
    "mps3-an547",
    "mps3-an547-nomve",
)
SOFT, SOFTFP, HARD = "-mfloat-abi=soft", "-mfloat-abi=softfp", "-mfloat-abi=hard"
COMPILERS = {
    "M0": ("-mcpu=cortex-m0", SOFT),
    "M3": ("-mcpu=cortex-m3", SOFT),
    "M4": ("-mcpu=cortex-m4", SOFT),
    "M4 softfp": ("-mcpu=cortex-m4", SOFTFP, "-mfpu=fpv4-sp-d16"),
    "M4F": ("-mcpu=cortex-m4", HARD, "-mfpu=fpv4-sp-d16"),
    "M7F": ("-mcpu=cortex-m7", HARD, "-mfpu=fpv5-sp-d16"),
    "M7D": ("-mcpu=cortex-m7", HARD, "-mfpu=fpv5-d16"),
    "M23": ("-mcpu=cortex-m23", SOFT),
    "M33 without DSP": ("-mcpu=cortex-m33+nodsp", SOFT),
    "M33 softfp": ("-mcpu=cortex-m33", SOFTFP, "-mfpu=fpv5-sp-d16"),
    "M33F": ("-mcpu=cortex-m33", HARD, "-mfpu=fpv5-sp-d16"),
    "M55": ("-mcpu=cortex-m55", HARD, "-mfpu=auto"),
    "M55 without MVE": ("-mcpu=cortex-m55+nomve", HARD, "-mfpu=auto"),
}
# By the architecture reference manuals: whose code runs on which, with the same way to pass floats.
GOES = {
    "microbit": "M0 M3 M4 M23 M33-without-DSP M4-softfp M33-softfp",
    "mps2-an385": "M3 M4 M4-softfp M33-without-DSP M33-softfp",
    "mps2-an386-nofpu": "M4 M4-softfp M33-softfp",
    "mps2-an386": "M4F M7F M7D M33F M55 M55-without-MVE",
    "stm32f746-discovery": "M7F M7D M33F M55 M55-without-MVE",
    "mps2-an500": "M7D M55 M55-without-MVE",
    "mps2-an505": "M33F M55 M55-without-MVE",
    "mps3-an547": "M55",
    "mps3-an547-nomve": "M55 M55-without-MVE",
}
RISCV = {
    "RV32IMAC": ("-march=rv32imac", "-mabi=ilp32"),
    "RV32IMAFC": ("-march=rv32imafc", "-mabi=ilp32f"),
    "RV32IMAFC, soft": ("-march=rv32imafc", "-mabi=ilp32"),
    "RV32IAC": ("-march=rv32iac", "-mabi=ilp32"),
    "RV32IMA": ("-march=rv32ima", "-mabi=ilp32"),
    "RV32IMC": ("-march=rv32imc", "-mabi=ilp32"),
    "RV64IMAFDC": ("-march=rv64imafdc", "-mabi=lp64d"),
}
GOES_RISCV = {
    "qemu-rv32-nofpu": "RV32IMAC RV32IMAFC,-soft",
    "qemu-rv32": "RV32IMAFC",
    "qemu-rv32-vector": "RV32IMAFC",
    "qemu-rv64": "RV64IMAFDC",
}


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    found = {}

    def of(name):
        if name not in found:
            found[name] = KernelsObject(tools.library(tmp_path_factory.mktemp(name), MODEL, board.load(name))[1])
        return found[name]

    return of


def said(kernels, *compiler):
    """What the compiler says of the guards, or ""."""
    text = "\n".join(guards.lines(kernels, "net"))
    done = subprocess.run([*compiler, "-c", "-x", "c", "-o", "/dev/null", "-"], input=text, capture_output=True, text=True)
    errors = re.findall(r'#error "(.*)"|Error: (selected .*)', done.stderr)
    errors = ["".join(error) for error in errors]
    assert bool(done.returncode) == bool(errors), done.stderr
    return errors[0] if errors else ""


@pytest.mark.parametrize("name", BOARDS)
def test_arm(kernels, name):
    fits = {compiler for compiler, flags in COMPILERS.items() if not said(kernels(name), "arm-none-eabi-gcc", "-mthumb", *flags)}
    assert fits == {compiler.replace("-", " ") for compiler in GOES[name].split()}


@pytest.mark.parametrize("name", GOES_RISCV)
def test_riscv(kernels, name):
    fits = {
        compiler
        for compiler, flags in RISCV.items()
        if not said(kernels(name), "riscv64-unknown-elf-gcc", "-misa-spec=2.2", *flags)
    }
    assert fits == {compiler.replace("-", " ") for compiler in GOES_RISCV[name].split()}


@pytest.mark.parametrize("name", [*BOARDS, *GOES_RISCV, "host"])
def test_the_boards_own_compiler(kernels, name):
    on = board.load(name)
    assert said(kernels(name), f"{on.toolchain}-gcc" if on.toolchain else "gcc", *on.machine_flags) == ""


@tools.needs("clang")
@pytest.mark.parametrize("name", BOARDS)
def test_clang_is_asked_by_its_own_macros(kernels, name):
    flags = [flag for flag in board.load(name).machine_flags if flag != "-mfpu=auto"]
    assert said(kernels(name), "clang", "--target=arm-none-eabi", *flags) == ""


@pytest.mark.parametrize(
    "name, flags, both",
    [
        ("mps2-an386", COMPILERS["M0"], ("for Armv7E-M (Cortex-M4)", "for Armv6-M")),
        ("mps2-an386", COMPILERS["M4 softfp"], ("for -mfloat-abi=hard", "for soft or softfp")),
        ("mps2-an500", COMPILERS["M7F"], ("for a double-precision FPU (Cortex-M7)", "for a single-precision one")),
        ("mps3-an547", COMPILERS["M55 without MVE"], ("for the vector extension MVE (Cortex-M55)", "for a core without it")),
    ],
)
def test_both_are_named(kernels, name, flags, both):
    assert said(kernels(name), "arm-none-eabi-gcc", "-mthumb", *flags).startswith(
        f"net: its kernels are {both[0]}, the compiler is set {both[1]}."
    )


@tools.needs("clang")
def test_where_gcc_has_no_macro(kernels):
    assert said(kernels("stm32f746-discovery"), "arm-none-eabi-gcc", "-mthumb", *COMPILERS["M4F"]).startswith(
        "selected processor does not support `vrinta.f32"
    )
    assert said(kernels("mps3-an547-nomve"), "arm-none-eabi-gcc", "-mthumb", *COMPILERS["M33F"], "-mfpu=fpv5-d16").startswith(
        "selected processor does not support `csinc "
    )
    clang = ("clang", "--target=arm-none-eabi", "-mthumb")
    assert "are for an FPU of version 5 (Cortex-M7), the compiler is set for version 4." in said(
        kernels("stm32f746-discovery"), *clang, *COMPILERS["M4F"]
    )
    assert "the compiler is set for Armv8-M Mainline." in said(kernels("mps3-an547-nomve"), *clang, *COMPILERS["M33F"])


def test_another_machine(kernels):
    assert "for x86-64, the compiler is set for another machine" in said(
        kernels("host"), "arm-none-eabi-gcc", "-mthumb", "-mcpu=cortex-m4"
    )
    assert "the compiler is set for no Cortex-M" in said(kernels("mps2-an386"), "gcc")
    assert "the compiler is set for no RISC-V" in said(kernels("qemu-rv32"), "gcc")


def test_helpers_of_cores_without_fpu(kernels):
    assert helpers.lines(kernels("microbit")) == ["#define IREE_HELPER_fmaximumf", '#include "iree_helpers.h"', ""]
    assert helpers.lines(kernels("mps2-an386")) == []
