"""The memory report of images that the real toolchain links."""

import json
import subprocess

import pytest
from iree_baremetal import board as boards
from iree_baremetal import toolchain
from iree_baremetal.board import linker_script
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import image, link_map

# What a build with one model consists of; the kernel is reached through a pointer only.
SOURCES = {
    "main.c": """
        #include <string.h>
        int digits_classify(char *); int variable = 7, common; const char *text = "hello";
        static char big[BIG];
        int main(void) { memset(big, variable, BIG - 2); return digits_classify(big) + text[2] + big[1] + common; }
    """,
    "digits.c": """
        extern const unsigned char digits_weights[];
        int iree_direct_call(int (*)(char *), char *); int kernel(char *);
        static char digits_arena[1600] __attribute__((aligned(64)));
        int digits_classify(char *in) {
          digits_arena[3] = in[0];
          return iree_direct_call(kernel, digits_arena) + digits_weights[5];
        }
    """,
    "digits_kernels.c": """
        int kernel(char *in) { volatile char room[DEEP]; room[DEEP - 9] = 5; return in[0] + room[7]; }
    """,
    "digits_weights.S": """
          .section .rodata.digits_weights, "a"
          .balign 64
          .global digits_weights
        digits_weights:
          .zero WEIGHTS
    """,
    "support/start.c": """
        int main(void); extern char __stack_end[];
        int iree_direct_call(int (*f)(char *), char *in) { return f(in) + 1; }
        void _start(void) { main(); for (;;) {} }
        __attribute__((section(".vectors"), used)) static const void *const vectors[16] = {__stack_end, _start};
    """,
}


class Link:
    def __init__(self, folder, board, big=300, weights=7000, deep=200):
        self.board = boards.load(board)
        prefix = f"{self.board.toolchain}-"
        self.elf, self.map = folder / "fw.elf", folder / "fw.map"
        self.size = prefix + "size"
        (folder / "support").mkdir()
        (folder / "board.ld").write_text(linker_script.text(self.board))
        gcc = [
            prefix + "gcc",
            *self.board.machine_flags,
            *toolchain.specs(self.board),
            "-Os",
            "-ffunction-sections",
            "-fdata-sections",
        ]
        macros = [f"-DBIG={big}", f"-DWEIGHTS={weights}", f"-DDEEP={deep}"]
        objects = []
        for name, text in SOURCES.items():
            (folder / name).write_text(text)
            objects.append(name.rpartition(".")[0] + ".o")
            subprocess.run([*gcc, *macros, "-fno-pie", "-c", name, "-o", objects[-1]], cwd=folder, check=True)
        flags = ["-nostartfiles", "-static", "-Wl,--nmagic,--build-id=none,--gc-sections", "-T", "board.ld"]
        self.command = [*gcc, *flags, *objects, "-o", self.elf, f"-Wl,-Map={self.map}"]
        self.folder = folder

    def run(self, *flags):
        return subprocess.run([*self.command, *flags], cwd=self.folder, capture_output=True, text=True)

    def report(self):
        return image.report(self.elf, self.map, self.board)


@pytest.mark.parametrize("board", ["stm32f4", "mps2-an386", "qemu-rv32"])
def test_categories_and_totals(tmp_path, board):
    link = Link(tmp_path, board)
    assert link.run().returncode == 0
    report = link.report()
    flash, ram = (u.categories for u in report.usages[:2])
    assert flash["weights"] == 7000
    assert 0 < flash["generated code"] < 100
    assert 0 < flash["kernels"] < 100
    assert flash["support code"] > 64
    assert flash["application"] > 40
    assert flash["libraries"] > 4  # memset
    assert ram["arena"] == 1600
    assert ram["stack"] == link.board.stack
    assert ram["application"] == 300 + 3 * 4  # big, variable, common and text
    assert not report.over_budget()

    # The authority on totals: what `size -A` says each section takes, .data once in flash and once in RAM.
    sizes = subprocess.run([link.size, "-A", link.elf], capture_output=True, text=True, check=True).stdout
    sections = {w[0]: int(w[1]) for w in (line.split() for line in sizes.splitlines()) if len(w) == 3 and w[0][0] == "."}
    in_ram = sum(sections.get(s, 0) for s in (".stack", ".data", ".bss"))
    in_flash = sum(sections.get(s, 0) for s in (".vectors", ".text", ".rodata", ".ARM.exidx", ".data"))
    assert in_ram <= report.usages[1].used < in_ram + 64
    assert in_flash <= report.usages[0].used < in_flash + 128


def test_deepest_stack_goes_through_the_pointer(tmp_path):
    link = Link(tmp_path, "stm32f4")
    link.run()
    depth = link.report().depth
    assert depth.path == ("_start", "main", "digits_classify", "iree_direct_call", "kernel")
    assert 200 < depth.bytes < 300
    assert not depth.caveats()


def test_stack_over_budget(tmp_path):
    link = Link(tmp_path, "stm32f4", deep=9000)
    link.run()
    (message,) = link.report().over_budget()
    assert "stack of stm32f4: fw.elf takes 9," in message


@pytest.mark.parametrize("board, region, sizes", [
    ("stm32f4", "RAM", {"big": 200_000}),
    ("stm32f4", "FLASH", {"weights": 1_100_000}),
    ("qemu-rv32", "FLASH", {"weights": 5_000_000}),  # runs into RAM, which is next to it
])  # fmt: skip
def test_an_overflow_can_still_be_reported(tmp_path, board, region, sizes):
    link = Link(tmp_path, board, **sizes)
    failed = link.run()
    assert failed.returncode and not link.elf.exists()
    too_many = link_map.overflows(failed.stderr)[region]

    link.run("-Wl,--noinhibit-exec")
    report = link.report()
    usage = next(u for u in report.usages if u.region == region)
    assert abs(-usage.free - too_many) < 128
    message = next(m for m in report.over_budget() if m.startswith(f"{region} of {board}"))
    assert f"{usage.used:,} of {usage.size:,} bytes" in message


def test_an_image_for_another_board(tmp_path):
    link = Link(tmp_path, "stm32f4")
    link.run()
    with pytest.raises(BaremetalError, match="outside the memory of board mps2-an386.*FLASH 0x0..0x400000.*another board"):
        image.report(link.elf, link.map, boards.load("mps2-an386"))


def test_not_an_elf(tmp_path):
    (tmp_path / "a.elf").write_text("no")
    (tmp_path / "a.map").write_text("Linker script and memory map\n")
    with pytest.raises(BaremetalError, match="a.elf: cannot be read as ELF"):
        image.report(tmp_path / "a.elf", tmp_path / "a.map", boards.load("stm32f4"))


def test_command_line(tmp_path, capsys):
    link = Link(tmp_path, "stm32f4", deep=9000)
    link.run()
    assert image.main([str(link.elf), "--board", "stm32f4"]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("fw.elf on stm32f4")
    assert printed.err.startswith("error: stack of stm32f4")
    assert image.main([str(link.elf), "--board", "stm32f4", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["board"] == "stm32f4"
    assert image.main([str(link.elf), "--board", "stm32f5"]) == 2
    assert "Did you mean stm32f4?" in capsys.readouterr().err
