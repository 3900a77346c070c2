"""What is printed of boards, the file for a new one, and the page with the table."""

import pytest
from iree_baremetal import board
from iree_baremetal.board import info, template
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import board_table


def test_the_list_names_core_memory_and_emulator(tmp_path):
    (tmp_path / "broken.py").write_text("stack = 8K")
    lines = info.listing([tmp_path]).splitlines()
    rows = {line.split()[0]: line for line in lines if line}
    assert lines[0].split() == ["board", "core", "code", "data", "emulator"]
    assert rows["stm32f4"].split()[-1] == "netduinoplus2" and "cortex-m4, FPU" in rows["stm32f4"]
    assert "1 MB" in rows["nrf52840-dk"] and rows["nrf52840-dk"].endswith("mps2-an386 stands in")
    assert "MVE" in rows["corstone-300"] and "MVE" not in rows["mps3-an547-nomve"]
    assert "vectors" in rows["qemu-rv32-vector"] and "vectors" not in rows["qemu-rv32"]
    assert rows["arm_64"].endswith(".vmfb only") and rows["host"].endswith("runs here")
    assert "broken.py: SyntaxError" in rows["broken:"]


def test_the_list_can_be_searched():
    names = [line.split()[0] for line in info.listing(wanted="h7").splitlines()[1:]]
    assert {"nucleo-h743zi", "stm32h747i-disco", "nicla-vision"} <= set(names) and not {"stm32f4", "nucleo-h563zi"} & set(names)
    assert {"pico", "pico2", "pico2-riscv"} == {line.split()[0] for line in info.listing(wanted="Raspberry,PI").splitlines()[1:]}
    with pytest.raises(BaremetalError, match="boards=z80: no board has that"):
        info.listing(wanted="z80")


def test_the_list_says_where_something_fits():
    answers = {"pico": True, "pico2": False}
    lines = info.listing(wanted="pico", fits=lambda found: answers.get(found.name)).splitlines()
    assert [line.split()[-1] for line in lines] == ["fits", "yes", "no", "?"]


def test_info_tells_every_value_and_its_file():
    text = info.values(board.load("nrf52840-dk"))
    rows = {line.split("  ")[0].strip(): line.split() for line in text.splitlines() if line}
    assert set(board.FIELDS) <= {name.split()[0] for name in rows if name}
    assert rows["cpu"] == ["cpu", "cortex-m4", "families/cortex-m4f.py"]
    assert rows["stack"] == ["stack", "8", "KB", "nrf52840-dk.py"]
    assert rows["heap"][-1] == "default"
    assert rows["memory RAM"] == ["memory", "RAM", "0x20000000", "to", "0x20040000", "256", "KB", "rwx", "nrf52840-dk.py"]
    assert rows["defines NRF_UART_PIN"][-2:] == ["6u", "nrf52840-dk.py"]
    assert "on mps2-an386, which stands in for it in the emulator:" in text
    assert "emulator" in rows and rows["emulator"][1] == "-"


@pytest.mark.parametrize("name", [n for n in board.names() if board.load(n).toolchain])
def test_a_new_board_begins_as_the_one_it_is_from(tmp_path, name):
    old = board.load(name)
    (tmp_path / "new.py").write_text(template.text("new", old))
    new = board.load("new", [tmp_path])
    for key in board.FIELDS:
        assert getattr(new, key) == getattr(old, key), key
    assert new.origins["memory"] == new.path and new.origins["toolchain"] != new.path


def test_a_new_board_explains_itself_and_every_field_is_there(tmp_path):
    text = template.text("new", board.load("stm32f4"))
    assert 'base = "stm32f4"' in text and "scons board=new info" in text
    assert all(f"\n{key} =" in text or f"\n# {key} =" in text for key in board.FIELDS)
    # The commented values are those in force: without their # the board is the same.
    (tmp_path / "new.py").write_text(text.replace("# heap", "heap").replace("# cpu", "cpu"))
    assert (board.load("new", [tmp_path]).heap, board.load("new", [tmp_path]).origins["cpu"].stem) == (0, "new")


RECORDS = [
    board_table.Record("a", "cortex-m4", "m", True, "all bitwise equal", (1000, 1024 * 1024), (20, 2048), 12345),
    board_table.Record("b", "cortex-m4", "m", False, "no compiler"),
]


def test_the_table():
    lines = board_table.text(RECORDS).splitlines()
    assert "1,000 of 1 MB" in lines[1] and "12,345" in lines[1] and lines[1].endswith("agrees, all bitwise equal")
    assert lines[2].endswith("FAILED: no compiler")


def test_the_page_keeps_what_others_wrote(tmp_path):
    page = tmp_path / "boards.md"
    board_table.write(page, RECORDS)
    page.write_text("Before.\n" + page.read_text() + "After.\n")
    board_table.write(page, RECORDS[:1])
    text = page.read_text()
    assert text.startswith("Before.\n") and text.endswith("After.\n")
    assert (
        "| a | cortex-m4 | m | 1,000 of 1 MB | 20 of 2 KB | 12,345 | agrees, all bitwise equal |" in text and "| b |" not in text
    )
    board_table.write(page, [RECORDS[0], RECORDS[1]])
    board_table.write(page, [board_table.Record("aa", "cortex-m0", "m", False, "wrong")], keep=True)
    board_table.write(page, [board_table.Record("b", "cortex-m0", "m", False, "wrong")], keep=True)
    rows = [line.split(" | ") for line in page.read_text().splitlines() if line.startswith("| ")]
    assert [(row[0], row[-1]) for row in rows[2:]] == [
        ("| a", "agrees, all bitwise equal |"),
        ("| aa", "FAILED: wrong |"),
        ("| b", "FAILED: wrong |"),
    ]
    page.write_text("nothing of ours")
    with pytest.raises(BaremetalError, match="marks .* are gone"):
        board_table.write(page, RECORDS)
