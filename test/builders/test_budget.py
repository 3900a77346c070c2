"""ram=: what a firmware may take, and what is said where it takes more."""

import pytest
import SCons.Errors
from iree_baremetal.builders import budget
from iree_baremetal.report.memory import Report, Usage
from SCons.Environment import Environment

REPORT = Report(
    "digits.elf",
    "stm32f4",
    (
        Usage("FLASH", 1 << 20, {"kernels": 50_000}, "rx"),
        Usage("RAM", 128 << 10, {"application": 600, "stack": 8192}, "rwx"),
        Usage("CCM", 64 << 10, {"arena": 5000}, "rw"),
    ),
    8192,
    type("Depth", (), {"bytes": 2100})(),
)


def env(ram):
    return Environment(tools=[], IREE_RAM=ram)


@pytest.mark.parametrize("text, size", [("", None), ("32768", 32768), ("32K", 32768), ("1m", 1 << 20)])
def test_sizes(text, size):
    assert budget.of(env(text)) == size


@pytest.mark.parametrize("text", ["32KB", "-1", "much", "0x100", "1.5K"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(SCons.Errors.UserError, match=f"ram={text}: not a size in bytes, as in 32K."):
        budget.of(env(text))


def test_all_memory_that_is_written_counts():
    assert budget.exceeded(env("13792"), REPORT) == ""
    assert budget.exceeded(env(""), REPORT) == ""
    first, second, third = budget.exceeded(env("13K"), REPORT).splitlines()
    assert first == "ram=13K: digits.elf takes 13,792 bytes of RAM, 480 too many: stack 8,192, arena 5,000, application 600."
    assert "the 600 bytes beside arena and stack are no more than inputs, outputs and 512 others" in second
    assert third == "Of the stack 2,100 bytes are needed, at the deepest: stack=3K."
