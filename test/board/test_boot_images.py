"""What boot ROMs look for in flash: second stages, headers and image blocks, of firmware for the part; never run."""

import struct

import pytest
from elftools.elf.elffile import ELFFile
from firmware import build
from iree_baremetal import board


def flash(name, tmp_path):
    """(entry, address -> bytes) of the segments of a firmware for the part called name."""
    source = tmp_path / "main.c"
    source.write_text("int main(void) { return 0; }\n")
    with build(board.load(name), source, tmp_path).elf.open("rb") as stream:
        elf = ELFFile(stream)
        return elf["e_entry"], {s["p_paddr"]: s.data() for s in elf.iter_segments("PT_LOAD") if s["p_filesz"]}


def crc32_mpeg2(data):
    """CRC-32 as RP2040's boot ROM has it (RP2040 Datasheet, 2.8.1.3.1): not reflected, from ones, not inverted."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return crc


def test_the_second_stage_of_rp2040(tmp_path):
    assert crc32_mpeg2(b"123456789") == 0x0376E6E7  # the catalogued check value
    _, segments = flash("pico", tmp_path)
    stage = segments[0x10000000]
    assert len(stage) == 256 and struct.unpack("<I", stage[252:])[0] == crc32_mpeg2(stage[:252])
    assert struct.pack("<I", 0x10000100) in stage  # where it goes on
    stack, reset = struct.unpack("<II", segments[0x10000100][:8])
    assert 0x20000000 < stack <= 0x20042000 and reset & 1 and 0x10000100 < reset < 0x10200000


@pytest.mark.parametrize("name, kind", [("pico2", 0x1021), ("pico2-riscv", 0x1101)])
def test_the_image_block_of_rp2350(tmp_path, name, kind):
    _, segments = flash(name, tmp_path)
    data = segments[0x10000000]
    at = data.index(struct.pack("<I", 0xFFFFDED3))
    assert at % 4 == 0 and at + 20 <= 4096
    item, size, value = struct.unpack_from("<BBH", data, at + 4)
    assert (item, size, value) == (0x42, 1, kind)
    last, words, _, loop, end = struct.unpack_from("<BHBiI", data, at + 8)
    assert (last, words, loop, end) == (0xFF, 1, 0, 0xAB123579)


@pytest.mark.parametrize("name", ["esp32-c3", "esp32-c6"])
def test_direct_boot_of_esp32(tmp_path, name):
    entry, segments = flash(name, tmp_path)
    assert segments[0x42000000] == bytes.fromhex("1d04dbae") * 2 and entry == 0x42000008


@pytest.mark.parametrize("name", ["mimxrt1060-evk", "teensy-4-1"])
def test_the_header_of_imxrt(tmp_path, name):
    """i.MX RT1060 Processor Reference Manual, chapter "System Boot": FlexSPI NOR configuration block, IVT, boot data."""
    _, segments = flash(name, tmp_path)
    header = segments[0x60000000]
    assert header[:4] == b"FCFB" and header[7:3:-1] == b"V\x01\x04\x00" and len(header) <= 0x2000
    assert header[0x45] == 4 and struct.unpack_from("<I", header, 0x50)[0] == 8 << 20
    # The sequence that reads: fast read by four lines, 24 bits of address, six dummy cycles (known constants of NXP's examples).
    assert struct.unpack_from("<4I", header, 0x80) == (0x0A1804EB, 0x26043206, 0, 0)
    assert struct.unpack_from("<2I", header, 0x1C0) == (256, 4096)
    assert header[0x1000:0x1004] == b"\xd1\x00\x20\x41"  # tag, length (big-endian), version
    entry, _, dcd, data, own, signature, _ = struct.unpack_from("<7I", header, 0x1004)
    assert (dcd, own, signature) == (0, 0x60001000, 0) and header[data - 0x60000000 :][:8] == struct.pack(
        "<2I", 0x60000000, 8 << 20
    )
    stack, reset = struct.unpack("<2I", segments[entry][:8])
    assert 0x20200000 < stack <= 0x202C0000 and reset & 1 and 0x60002000 < reset < 0x60400000
