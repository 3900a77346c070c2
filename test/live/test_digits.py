"""The sample on every board: the same answers as the host, at the promised cost."""

import re
import subprocess

import numpy
import pytest
from iree_baremetal import board
from iree_baremetal.report import image

BOARDS = ["host", "stm32f4", "mps2-an386", "qemu-rv32"]


def firmware(checkout, name):
    return checkout.folder / f"build/{name}/digits/digits{'' if name == 'host' else '.elf'}"


def built(checkout, name):
    return checkout.once(f"board={name}", "run", "verify")


def answers(text):
    lines = text.split("answers, wrong ones marked:\n")[1].splitlines()[:6]
    return [answer for line in lines for answer in line.split()]


@pytest.mark.parametrize("name", BOARDS)
def test_it_runs_and_agrees_with_the_host(checkout, name):
    text = built(checkout, name)
    right = int(re.search(r"(\d+) of 150 right", text)[1])
    assert right >= 140
    assert len(answers(text)) == 150
    assert re.search(r"digits_harness\S*: 150 calls on \S+ agree with the host, 1,500 values", text)


@pytest.mark.parametrize("name", BOARDS[1:])
def test_every_board_gives_the_hosts_answers(checkout, name):
    assert answers(built(checkout, name)) == answers(built(checkout, "host"))


def test_the_answers_are_those_of_the_labels(checkout):
    with numpy.load(checkout.folder / "samples/digits/held_out.npz") as held_out:
        labels = held_out["label"]
    found = answers(built(checkout, "stm32f4"))
    assert [answer.isdigit() for answer in found] == [int(a[0]) == label for a, label in zip(found, labels)]


def test_it_costs_no_more_than_promised(checkout):
    built(checkout, "stm32f4")
    elf = firmware(checkout, "stm32f4")
    report = image.report(elf, elf.with_suffix(".map"), board.load("stm32f4"))
    flash, ram, _ = report.usages
    with numpy.load(checkout.folder / "samples/digits/held_out.npz") as held_out:
        data = sum(array.nbytes for array in held_out.values())
    beside = flash.used - flash.categories["kernels"] - flash.categories["weights"] - data
    assert 0 < beside <= 2048
    assert 0 <= ram.used - ram.categories["arena"] - ram.categories["stack"] <= 1024
    assert not report.over_budget()


@pytest.mark.parametrize("name", BOARDS[1:])
def test_it_has_no_heap(checkout, name):
    built(checkout, name)
    done = subprocess.run(["nm", firmware(checkout, name)], capture_output=True, text=True, check=True)
    symbols = {line.split()[-1] for line in done.stdout.splitlines()}
    assert not {s for s in symbols if re.fullmatch(r"_*(malloc|free|calloc|realloc|sbrk)(_r)?", s)}
    assert "main" in symbols


def test_what_is_built_is_what_is_flashed(checkout):
    built(checkout, "stm32f4")
    elf = firmware(checkout, "stm32f4")
    checkout.scons("board=stm32f4")
    binary, hexadecimal = elf.with_suffix(".bin"), elf.with_suffix(".hex")
    assert hexadecimal.read_text().startswith(":") and hexadecimal.read_text().endswith(":00000001FF\n")
    report = image.report(elf, elf.with_suffix(".map"), board.load("stm32f4"))
    assert abs(binary.stat().st_size - report.usages[0].used) < 64


def test_the_second_build_does_nothing_and_is_quick(checkout):
    checkout.scons("board=stm32f4")
    seconds = []
    for _ in range(3):
        assert "is up to date" in checkout.scons("board=stm32f4")
        seconds.append(checkout.seconds)
    assert min(seconds) < 1


def test_neither_jobs_nor_the_folder_change_a_byte(checkout, another_checkout):
    names = ("digits.elf", "digits.bin", "digits.hex")
    checkout.scons("board=mps2-an386", "-j1")
    another_checkout.scons("board=mps2-an386", "-j8")
    one, other = (
        {name: (c.folder / "build/mps2-an386/digits" / name).read_bytes() for name in names} for c in (checkout, another_checkout)
    )
    assert one == other


def test_clean_leaves_nothing(another_checkout):
    another_checkout.scons("board=mps2-an386")
    another_checkout.scons("board=mps2-an386", "-c")
    assert not (another_checkout.folder / "build/mps2-an386/digits").exists()


def test_compile_commands_serve_an_editor(checkout):
    import json

    checkout.scons("board=stm32f4", "compiledb")
    entries = json.loads((checkout.folder / "compile_commands.json").read_text())
    (main,) = [entry for entry in entries if entry["file"].endswith("digits/main.c")]
    compiler, *arguments = main["arguments"]
    assert re.fullmatch(r"/.*/arm-none-eabi-gcc", compiler)  # absolute, so its headers are found
    assert "-mcpu=cortex-m4" in arguments


def test_the_help_lists_boards_options_and_targets(checkout):
    text = checkout.scons("-h")
    for name in [*BOARDS, "board", "verbose", "dims", "sample"]:
        assert name in text
