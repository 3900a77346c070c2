"""The header that people read, and that C and C++ compile."""

import pytest
import tools
from iree_baremetal.codegen import header
from iree_baremetal.plan.model import C_TYPES, Function, Plan, Tensor

CLASSIFY = Function(
    "classify",
    [Tensor("image", "f32", (1, 8, 8), "scale 0.5, zero point 3"), Tensor("threshold", "i64", None)],
    [Tensor("scores", "i8", (10,)), Tensor("new", "f64", ())],
    [],
    [],
    arena_size=1920,
)
PLAN = Plan("digits", [CLASSIFY, Function("reset", [], [], [], [])], [], bytes(1234), [4])


def test_prototypes_have_typed_sized_parameters():
    text = header.text(PLAN, "made from digits.onnx", header.memory_note(PLAN))
    parameters = "const float image[64], int64_t threshold, int8_t scores[10], double new_2[1]"
    assert f"int digits_classify({parameters});" in text
    assert f"int digits_classify_in(void *arena, {parameters});" in text
    assert "int digits_reset(void);" in text and "int digits_reset_in(void *arena);" in text


def test_what_people_want_to_know_is_said():
    text = header.text(PLAN, "made from digits.onnx", header.memory_note(PLAN))
    for said in (
        "digits: made from digits.onnx. Generated: do not edit.",
        "in  image: 1x8x8 f32, 256 bytes, scale 0.5, zero point 3",
        "in  threshold: i64, by value",
        "out scores: 10 i8, 10 bytes",
        "out new_2: one f64, 8 bytes",
        "1,234 bytes of weights",
        "an arena of 1,920 bytes and 64 bytes of state",
        "#define DIGITS_ARENA_SIZE 1920 /* bytes */",
        "multiples of 64",
    ):
        assert said in text, said
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("compiler", [("gcc", "-std=c11", "-x", "c"), ("arm-none-eabi-g++", "-std=c++17", "-x", "c++")])
def test_c_and_cplusplus_compile_it(tmp_path, compiler):
    every = [Tensor(f"input_{dtype}", dtype, (2, 3)) for dtype in C_TYPES]
    every += [Tensor(f"value_{dtype}", dtype, None) for dtype in C_TYPES]
    plan = Plan("digits", [*PLAN.functions, Function("every", every, every, [], [])], [], b"", [])
    (tmp_path / "digits.h").write_text(header.text(plan, "made by a test", header.memory_note(plan)))
    (tmp_path / "use").write_text('#include "digits.h"\n#include "digits.h"\n')
    tools.run(*compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *tools.INCLUDE, "-I", tmp_path, tmp_path / "use")
