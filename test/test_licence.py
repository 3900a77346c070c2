"""C that travels, into firmware and other projects, says under which licence."""

import pytest
from iree_baremetal import board
from iree_baremetal.board import startup_parts
from iree_baremetal.codegen import harness, header, source
from iree_baremetal.plan.model import Function, Plan, Tensor

LINE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
PLAN = Plan("twice", [Function("run", [Tensor("x", "f32", (4,))], [Tensor("y", "f32", (4,))], [], [])], [], b"", [])
SUPPORT = sorted(path for path in board.SUPPORT.rglob("*") if path.suffix in (".c", ".h", ".S"))


@pytest.mark.parametrize("path", SUPPORT, ids=[str(path.relative_to(board.SUPPORT)) for path in SUPPORT])
def test_the_boards_code(path):
    assert LINE in path.read_text().splitlines()[0]


def test_generated_code():
    texts = [
        source.text(PLAN),
        source.weights(PLAN, "twice_weights.bin"),
        header.text(PLAN, "made by a test", []),
        harness.text(PLAN),
    ]
    texts.append(startup_parts.text(board.load("stm32f4")))
    assert [text.splitlines()[0] for text in texts] == [f"/* {LINE} */"] * 5
