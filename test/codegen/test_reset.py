"""<model>_reset(): the state as it was before the first call."""

import tools
from iree_baremetal.codegen import header, names, source
from iree_baremetal.plan.model import Plan

# Sums up what it is given, from a start that is not zero.
MODEL = """
util.global private mutable @sum = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
util.global private mutable @count = dense<0> : tensor<i32>
func.func @{name}(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<i32>) {{
  %one = arith.constant dense<1> : tensor<i32>
  %old = util.global.load @sum : tensor<4xf32>
  %n = util.global.load @count : tensor<i32>
  %new = arith.addf %old, %x : tensor<4xf32>
  %m = arith.addi %n, %one : tensor<i32>
  util.global.store %new, @sum : tensor<4xf32>
  util.global.store %m, @count : tensor<i32>
  return %new, %m : tensor<4xf32>, tensor<i32>
}}
"""
MAIN = """
#include "model.h"

static IREE_ALIGNED float x[4] = {10, 20, 30, 40}, y[4];
static IREE_ALIGNED int32_t n[1];

static int is(float factor, int calls) {
  if (model_f(x, y, n) != IREE_MODEL_OK || n[0] != calls) return 0;
  for (int i = 0; i < 4; ++i) if (y[i] != i + 1 + factor * x[i]) return 0;
  return 1;
}

int main(void) {
  model_reset();  /* before the first call it changes nothing */
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i < 4; ++i) if (!is(i, i)) return 10 * round + i;
    model_reset();
  }
  return 0;
}
"""


def test_the_next_call_finds_what_the_first_found(tmp_path):
    plan = tools.plan_of(tmp_path, MODEL.format(name="f"))
    assert plan.keeps_state
    tools.write_sources(tmp_path, plan)
    (tmp_path / "main.c").write_text(MAIN)
    tools.run(tools.host_program(tmp_path, plan, "main.c"))


def test_a_function_of_that_name_gives_way(tmp_path):
    plan = tools.plan_of(tmp_path, MODEL.format(name="reset"))
    assert names.functions(plan) == ["model_reset_2"]
    text = header.text(plan, "", [])
    assert "void model_reset(void);" in text and "int model_reset_2(" in text


def test_what_keeps_nothing_has_none(tmp_path):
    plan = tools.plan_of(
        tmp_path,
        "func.func @reset(%x: tensor<4xf32>) -> tensor<4xf32> {\n  %y = arith.addf %x, %x : tensor<4xf32>\n  return %y : tensor<4xf32>\n}",
    )
    assert not plan.keeps_state and names.functions(plan) == ["model_reset"]
    assert "void" not in header.text(plan, "", []).replace("void *arena", "") and "memset" not in source.text(plan)
    assert not Plan("model", [], [], b"", [16]).keeps_state  # weights that an initializer repacks are no state
