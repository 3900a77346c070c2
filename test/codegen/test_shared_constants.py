"""Constants that several models have: which they are, what they are called, and that the linker keeps one of each."""

import random
import subprocess

import tools
from iree_baremetal.codegen import constants, header, source
from iree_baremetal.plan.model import Copy, Function, Plan, Span, Tensor

BIG = random.Random(1).randbytes(1000)
OTHER = random.Random(2).randbytes(constants.LEAST)
SMALL = bytes(range(40))


def plan(name, *parts):
    """A model that copies each of its constants, the parts, to an output of its own; at multiples of 64."""
    content, steps, outputs = b"", [], []
    for number, part in enumerate(parts):
        content += bytes(-len(content) % 64)
        steps.append(Copy(Span("constant", len(content), 0, len(part)), Span("output", number, 0, len(part))))
        outputs.append(Tensor(f"y{number}", "i8", (len(part),)))
        content += part
    return Plan(name, [Function("f", [], outputs, steps, [])], [], content, [])


def test_without_sharing_there_is_one_block():
    one = plan("one", BIG, SMALL)
    assert constants.blocks(one, False) == [constants.Block("one_weights", ((0, 1064),))]
    assert constants.blocks(plan("none"), True) == constants.blocks(plan("none"), False) == []


def test_names_follow_from_the_content_alone():
    first, second = (
        constants.blocks(plan(name, *parts), True) for name, parts in (("a", (BIG, OTHER)), ("b", (SMALL, OTHER, BIG)))
    )
    assert [block.symbol for block in first] == [block.symbol for block in second if block.is_shared][::-1]
    assert second[0] == constants.Block("b_weights", ((0, 40),))
    changed = constants.blocks(plan("a", BIG[:-1] + b"x", OTHER), True)
    assert changed[0].symbol != first[0].symbol and changed[1] == constants.Block(first[1].symbol, ((1024, 1280),), True)


def test_small_ones_stay_together_and_what_overlaps_is_one():
    net = plan("net", SMALL, BIG, SMALL)
    net.functions[0].steps.append(Copy(Span("constant", 64, 900, 100), Span("output", 0, 0, 100)))
    own, big = constants.blocks(net, True)
    assert own == constants.Block("net_weights", ((0, 40), (1088, 1128))) and big.pieces == ((64, 1064),)
    assert [own.find(at) for at in (0, 39, 40, 1088, 1100)] == [0, 39, None, 64, 76]
    assert big.find(964) == 900


def test_the_linker_keeps_one_of_each(tmp_path):
    """Two models, one of which has a constant twice; each answers with all of its own."""
    models = [plan("one", BIG, SMALL, OTHER), plan("two", OTHER, BIG, SMALL, BIG)]
    main = ["#include <stdio.h>", *(f'#include "{model.name}.h"' for model in models), "int main(void) {"]
    for model in models:
        blocks = constants.blocks(model, True)
        (tmp_path / f"{model.name}.c").write_text(source.text(model, blocks=blocks))
        (tmp_path / f"{model.name}_weights.S").write_text(source.weights(model, f"{model.name}_weights.bin", blocks=blocks))
        (tmp_path / f"{model.name}_weights.bin").write_bytes(model.constants)
        (tmp_path / f"{model.name}.h").write_text(header.text(model, "made by a test", header.memory_note(model)))
        sizes = [tensor.elements for tensor in model.functions[0].outputs]
        main += [f"  static IREE_ALIGNED int8_t {model.name}{n}[{size}];" for n, size in enumerate(sizes)]
        main += [f"  if ({model.name}_f({', '.join(f'{model.name}{n}' for n in range(len(sizes)))})) return 1;"]
        main += [f"  fwrite({model.name}{n}, 1, {size}, stdout);" for n, size in enumerate(sizes)]
    (tmp_path / "main.c").write_text("\n".join([*main, "  return 0;", "}", ""]))
    files = ["main.c", *(f"{model.name}{end}" for model in models for end in (".c", "_weights.S"))]
    tools.run("gcc", *tools.STRICT, *tools.INCLUDE, "-I", ".", *files, "-o", "program", cwd=tmp_path)
    said = subprocess.run([tmp_path / "program"], capture_output=True, check=True).stdout
    assert said == BIG + SMALL + OTHER + OTHER + BIG + SMALL + BIG
    names = [line.split()[-1] for line in tools.run("nm", "program", cwd=tmp_path).splitlines()]
    assert sorted(name.rsplit("_", 1)[0] for name in names if "weights" in name) == ["iree_weights", "iree_weights", "one", "two"]
    content = (tmp_path / "program").read_bytes()
    assert content.count(BIG) == content.count(OTHER) == 1 and content.count(SMALL) == 2
