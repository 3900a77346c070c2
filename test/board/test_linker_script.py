"""The generated linker script, through the real linker."""

import subprocess
from dataclasses import replace

import pytest
from elftools.elf.elffile import ELFFile
from iree_baremetal import board, toolchain
from iree_baremetal.board import linker_script

PROGRAM = """
int data = 7;
int zero[10];
__attribute__((aligned(64))) const int weights[16] = {1};
__attribute__((section(".data.rel.ro.table"))) const int *const table = weights;
int unused(void) { return ++zero[1]; }
__attribute__((section(".ccm"))) int fast[4] = {3};
__attribute__((section(".bss..ccm"))) int buffer[4];
int ccm;  // of that name, but not of that region
__attribute__((section(".vectors"), used)) void *const vectors[1] = {0};
int _start(void) {
  const int *const *hidden = &table;  // lest the compiler know what is in it
  __asm__("" : "+r"(hidden));
  return data + zero[0] + **hidden + fast[0] + buffer[0] + ccm;
}
"""


@pytest.fixture
def link(tmp_path):
    def link(target, program=PROGRAM):
        tools = toolchain.find(target)
        (tmp_path / "a.c").write_text(program)
        (tmp_path / "a.ld").write_text(linker_script.text(target))
        subprocess.run([tools.cc, *toolchain.compile_flags(target), "-c", "a.c"], cwd=tmp_path, check=True)
        done = subprocess.run(
            [
                tools.cc,
                "a.o",
                *toolchain.link_flags(target),
                f"-Wl,--defsym={linker_script.STARTED}=1",
                "-T",
                "a.ld",
                "-o",
                "a.elf",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        return tmp_path / "a.elf", done.stderr

    return link


@pytest.fixture
def stm32f4():
    return board.load("stm32f4")


def sections(path):
    with path.open("rb") as file:
        return {s.name: s for s in ELFFile(file).iter_sections()}


def symbols(path):
    with path.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return {s.name: s["st_value"] for s in table.iter_symbols()}


@pytest.mark.parametrize("name", ["stm32f4", "mps2-an386", "qemu-rv32"])
def test_everything_is_where_it_belongs(link, name):
    target = board.load(name)
    program = (
        PROGRAM
        if "CCM" in target.memory
        else PROGRAM.replace('section(".ccm")', "unused").replace('section(".bss..ccm")', "unused")
    )
    elf, said = link(target, program)
    assert said == ""
    where, (_, flash), (_, ram) = symbols(elf), target.flash, target.ram
    assert where["vectors"] == flash.origin
    assert all(flash.origin <= where[s] < flash.end for s in ("_start", "weights", "table"))
    assert all(ram.origin <= where[s] < ram.end for s in ("data", "zero"))
    assert flash.origin <= where["__data_load"] < flash.end
    assert where["weights"] % 64 == 0
    assert "unused" not in where
    assert where["__stack_start"] == ram.origin
    stack = sections(elf)[".stack"]
    assert (stack["sh_size"], stack["sh_type"]) == (target.stack, "SHT_NOBITS")
    with elf.open("rb") as file:
        loaded = [s for s in ELFFile(file).iter_segments("PT_LOAD") if s["p_filesz"]]
        assert all(flash.origin <= s["p_paddr"] < flash.end for s in loaded)


def test_further_regions_are_filled_by_name(link, stm32f4):
    elf, _ = link(stm32f4)
    where, found, (_, ram) = symbols(elf), sections(elf), stm32f4.ram
    assert where["fast"] == stm32f4.memory["CCM"].origin and where["buffer"] == where["fast"] + 16
    assert found[".ccm"]["sh_type"] == "SHT_PROGBITS" and found[".ccm_zeroed"]["sh_type"] == "SHT_NOBITS"
    assert ram.origin <= where["ccm"] < ram.end


def test_a_heap_only_where_asked_for(link, stm32f4):
    elf, _ = link(stm32f4)
    assert symbols(elf)["__heap_start"] == symbols(elf)["__heap_end"]
    elf, _ = link(replace(stm32f4, heap=4096))
    assert symbols(elf)["__heap_end"] - symbols(elf)["__heap_start"] == 4096


@pytest.mark.parametrize(
    "change, message",
    [
        (("zero[10]", "zero[31 * 1024]"), "region `RAM' overflowed"),
        (("weights[16]", "weights[300 * 1024]"), "region `FLASH' overflowed"),
        (('section(".vectors"), ', ""), "sources of board stm32f4 lack a startup file"),
        (("int unused", "__attribute__((constructor)) int unused"), "constructors"),
    ],
)
def test_what_the_linker_refuses(link, stm32f4, change, message):
    assert message in link(stm32f4, PROGRAM.replace(*change))[1]
