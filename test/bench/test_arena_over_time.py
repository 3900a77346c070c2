"""What each step holds of the arena, held against a count of bytes one by one, and against real plans."""

import random

import tools
from iree_baremetal.bench import arena
from iree_baremetal.codegen import signature


def function(buffers, steps, size=1000):
    return {
        "arena": size,
        "buffers": [dict(zip(("offset", "size", "first", "last"), buffer)) for buffer in buffers],
        "steps": steps,
        "dispatches": [step["kernel"] for step in steps if step["kind"] == "dispatch"],
    }


def step(kind="dispatch", kernel="k", reads=(), writes=()):
    return {"kind": kind, "reads": list(reads), "writes": list(writes)} | ({"kernel": kernel} if kind == "dispatch" else {})


def test_the_peak_is_the_step_that_uses_the_most():
    found = arena.over_time(
        function([(0, 100, 0, 1), (128, 300, 1, 2), (0, 50, 2, 3)], [step(), step(), step("copy"), step()]), []
    )
    assert [s["used"] for s in found["steps"]] == [100, 400, 350, 50] and found["peak"] == 1
    assert [s["dispatch"] for s in found["steps"]] == [0, 1, None, 2]


def test_bytes_that_two_buffers_share_count_once():
    for seed in range(50):
        choose = random.Random(seed)
        buffers = [
            (choose.randrange(40), choose.randrange(1, 30), first := choose.randrange(5), choose.randrange(first, 5))
            for _ in range(6)
        ]
        found = arena.over_time(function(buffers, [step()] * 5), [])
        for number, told in enumerate(found["steps"]):
            held = {
                byte for offset, size, first, last in buffers if first <= number <= last for byte in range(offset, offset + size)
            }
            assert told["used"] == len(held)


def test_scratch_of_a_kernel_lies_at_the_end_while_it_runs():
    kernels = [{"symbol": "k", "local_memory": 100}, {"symbol": "small", "local_memory": 0}]
    found = arena.over_time(function([(0, 64, 0, 1)], [step(), step(kernel="small")], 192), kernels)
    assert found["buffers"][1] == {"offset": 64, "size": 100, "first": 0, "last": 0, "scratch": True}
    assert [s["used"] for s in found["steps"]] == [164, 64]


def test_a_function_without_arena():
    assert arena.over_time(function([], [step()], 0), [])["peak"] is None
    assert arena.over_time({"arena": 0, "dispatches": []}, []) == {"steps": [], "buffers": [], "peak": None}


CHAIN = """
func.func @f(%x: tensor<32x32xf32>, %w: tensor<32x32xf32>) -> tensor<32x32xf32> {
  %zero = arith.constant dense<0.0> : tensor<32x32xf32>
  %a = linalg.matmul ins(%x, %w : tensor<32x32xf32>, tensor<32x32xf32>) outs(%zero : tensor<32x32xf32>) -> tensor<32x32xf32>
  %b = linalg.matmul ins(%a, %w : tensor<32x32xf32>, tensor<32x32xf32>) outs(%zero : tensor<32x32xf32>) -> tensor<32x32xf32>
  %c = linalg.matmul ins(%b, %a : tensor<32x32xf32>, tensor<32x32xf32>) outs(%zero : tensor<32x32xf32>) -> tensor<32x32xf32>
  return %c : tensor<32x32xf32>
}
"""


def test_of_a_compiled_model(tmp_path):
    plan = tools.plan_of(tmp_path, CHAIN)
    signature.write(tmp_path / "model.plan.json", plan)
    [found] = signature.json.loads((tmp_path / "model.plan.json").read_text())["functions"]
    told = arena.over_time(found, [])
    # %a lives until the last product, %b between the second and that; all buffers lie within the arena, apart while they live.
    assert [s["used"] for s in told["steps"] if s["kind"] == "dispatch"] == [4096, 8192, 8192]
    assert max(b["offset"] + b["size"] for b in told["buffers"]) == found["arena"] == plan.functions[0].arena_size
    assert told["steps"][told["peak"]]["used"] == found["arena"]
