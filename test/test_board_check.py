"""Every mistake in a board file gets a message that names the file, the mistake and what would be right."""

import pytest

from iree_baremetal import board
from iree_baremetal.errors import BaremetalError

ARM = """
description = "a board"
toolchain = "arm-none-eabi"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m4"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
memory = {"FLASH": Region(0, 64 * KB, "rx"), "RAM": Region(0x20000000, 16 * KB)}
stack = 1 * KB
startup = ["startup_cortex_m.c", "start.c"]
console = "console_cmsdk_uart.c"
counter = "counter_dwt.c"
emulator = Qemu("arm", "netduinoplus2")
"""
RISCV = 'base = "qemu-rv32"\n'


@pytest.fixture
def refused(tmp_path):
    """The message for a board file with this text, without the file's name, which must be in it."""

    def refused(text):
        path = tmp_path / "mine.py"
        path.write_text(text)
        with pytest.raises(BaremetalError) as error:
            board.load("mine", [tmp_path])
        assert str(path) in str(error.value)
        return str(error.value).removeprefix(f"board file {path}: ")

    return refused


def test_the_example_itself_is_right(tmp_path):
    (tmp_path / "mine.py").write_text(ARM)
    assert board.load("mine", [tmp_path]).emulated


@pytest.mark.parametrize(
    "change, message",
    [
        (("1 * KB", "1 *"), "SyntaxError: invalid syntax (mine.py, line 9)"),
        (("1 * KB", "1 * GB"), "NameError: name 'GB' is not defined"),
        (("stack = 1", "stak = 1"), "unknown field 'stak'. Did you mean stack?"),
        (('triple = "', '_triple = "'), "field 'triple' is missing."),
        (('["startup_cortex_m.c", "start.c"]', '"start.c"'), "startup is not a list of strings: 'start.c'."),
        (("1 * KB", '"8K"'), "stack is not a number of bytes or an address: '8K'."),
        (('"cortex-m4"\nfloat', "4\nfloat"), "cpu is not a string: 4."),
        (('Qemu("arm", "netduinoplus2")', '"netduinoplus2"'), "emulator is not Qemu(system, machine, …): 'netduinoplus2'."),
        (("stack = 1", 'defines = ["A"]\nstack = 1'), "defines is not a dictionary, as {\"NAME\": …}: ['A']."),
        # The memory.
        (('Region(0, 64 * KB, "rx")', "64 * KB"), "memory 'FLASH' is not a Region(origin, length, access)."),
        (("0x20000000", "0x8000"), "memory 'FLASH' and 'RAM' overlap."),
        (('"rx"', '"rwx"'), "memory needs a region with access rx, for code, and one with rw or rwx, for data."),
        (('"rx"', '"r"'), "memory 'FLASH' has access 'r', which is not rx, rw or rwx."),
        (("64 * KB", "0"), "memory 'FLASH' has origin 0 and length 0."),
        (('"RAM"', '"my ram"'), "memory 'my ram': a region's name is of capitals, digits and _."),
        (("1 * KB", "1000"), "stack 1000 and heap 0: not multiples of 16, or no stack."),
        (("1 * KB", "17 * KB"), "stack and heap (17408 + 0) exceed RAM (16384)."),
        (("stack = 1", "vectors = 0x8000000\nstack = 1"), "vectors 0x8000000 lie outside FLASH (0x0 to 0x10000)."),
        # The core.
        (('cpu = "cortex-m4"', 'cpu = "cortex-m44"'), "unknown cpu 'cortex-m44'. Did you mean cortex-m4."),
        (("arm-none-eabi", "arm-none-eab"), "toolchain 'arm-none-eab' is not known. Did you mean arm-none-eabi."),
        (("armv7em-none-unknown-eabihf", "armv7em"), "triple 'armv7em' is not an LLVM triple, such as"),
        (("armv7em-none", "riscv32-none"), "and toolchain 'arm-none-eabi' are of different architectures."),
        (("-mcpu=cortex-m4", "-mcpu=cortex-m3"), "machine_flags have -mcpu=cortex-m3 where cpu is 'cortex-m4'."),
        (("fpv4-sp-d16", "fpv5-d16"), "machine_flags have -mfpu=fpv5-d16, but cortex-m4 can have fpv4-sp-d16."),
        (("cortex-m4", "cortex-m3"), "machine_flags have -mfpu=fpv4-sp-d16, but cortex-m3 has no FPU."),
        (("-mfloat-abi=hard", "-mfloat-abi=soft"), "machine_flags have -mfloat-abi=soft where float_abi is 'hard'."),
        (('float_abi = "hard"', 'float_abi = "softfp"'), "float_abi 'softfp' is not 'hard' or 'soft'."),
        (("eabihf", "eabi"), "float_abi is 'hard', but triple 'armv7em-none-unknown-eabi' does not end in eabihf."),
        # The code.
        (("console_cmsdk_uart.c", "console.c"), "console names 'console.c', which is neither in"),
        (('console = "console_cmsdk_uart.c"', ""), "console names no file: the board lacks board_write."),
        (("stack = 1", 'linker_script = "my.ld"\nstack = 1'), "linker_script names 'my.ld', which is neither in"),
        (("stack = 1", 'include = ["cmsis"]\nstack = 1'), "include names 'cmsis', which is neither in"),
        # What it builds on, and what stands in for it.
        (("stack = 1", 'base = "cortex-m4g"\nstack = 1'), "base 'cortex-m4g' is neither a family nor a board. Did you mean cortex-m4"),
        (("stack = 1", 'stand_in = "mps2-an386"\nstack = 1'), "it has an emulator and stand_in 'mps2-an386'; set emulator = None"),
        (('emulator = Qemu("arm", "netduinoplus2")', 'stand_in = "mps2-386"'), "stand_in: no board 'mps2-386'. Did you mean mps2-an386?"),
        (('emulator = Qemu("arm", "netduinoplus2")', 'stand_in = "nrf52840-dk"'), "stand_in 'nrf52840-dk' has no emulator of its own."),
        (('emulator = Qemu("arm", "netduinoplus2")', 'stand_in = "mine"'), "stand_in 'mine' is the board itself."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_mistakes(refused, change, message):
    assert change[0] in ARM
    assert message in refused(ARM.replace(*change))


@pytest.mark.parametrize(
    "text, message",
    [
        ('abi = "ilp32"', "machine_flags have -mabi=ilp32f where abi is 'ilp32'."),
        ('abi = "ilp64"', "abi 'ilp64' is not one of ilp32, ilp32f, ilp32d."),
        ('cpu = "generic-rv64"', "triple 'riscv32-pc-linux-elf' and cpu 'generic-rv64' are of different widths."),
        ('cpu_features = "+m,+a,+c"', "abi 'ilp32f' needs +f, which cpu_features '+m,+a,+c' lack."),
        ('cpu_features = "+a,+c,+f"', "-march=rv32imafc has 'm', which cpu_features '+a,+c,+f' lack."),
        ('machine_flags = ["-march=rv64imafc", "-mabi=ilp32f"]', "machine_flags have -march=rv64imafc where cpu is 'generic-rv32'."),
    ],
)
def test_mistakes_of_riscv(refused, text, message):
    assert message in refused(RISCV + text)


def test_two_files_that_build_on_each_other(refused, tmp_path):
    (tmp_path / "other.py").write_text('base = "mine"')
    assert "base leads back to where it began: mine -> other -> mine." in refused('base = "other"')


def test_a_stand_in_without_room(refused):
    text = 'base = "nrf52840-dk"\nmemory = {"FLASH": Region(0, 8 * MB, "rx"), "RAM": Region(0x20000000, 1 * MB)}'
    assert "stand_in 'mps2-an386' has no room for FLASH (8,388,608 bytes; 4,194,304 are left)" in refused(text)
