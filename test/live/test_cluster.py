"""cluster= with the real tools: what workers make and measure is, byte for byte, what is made and measured here."""

import pytest

pytest.importorskip("distributed")

ARGUMENTS = ("board=stm32f4", "sample=multiply", "-j2", "run", "verify", "bench")


def files(checkout):
    build = checkout.folder / "build/stm32f4/multiply"
    return {str(path.relative_to(build)): path.read_bytes() for path in sorted(build.rglob("*")) if path.is_file()}


def test_the_same_bytes(checkout, another_checkout):
    """In folders of other names, one with blanks in it."""
    checkout.scons(*ARGUMENTS)
    text = another_checkout.scons(*ARGUMENTS, "cluster=local:2")
    assert "cluster: 2 workers of tcp://127.0.0.1:" in text and "agree with the host" in text
    here, there = files(checkout), files(another_checkout)
    assert here.keys() == there.keys() and len(here) > 40
    assert [name for name in here if here[name] != there[name]] == []
    assert "is up to date" in another_checkout.scons("board=stm32f4", "sample=multiply")
