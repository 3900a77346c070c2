"""Host programs become plans: what each operation means."""

import pytest
from host_programs import *
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Copy, Fill, Tensor, Word


def test_a_dispatch_has_its_kernel_workgroups_and_buffers():
    found = plan(
        function(
            "f", X, 1, argument("x", 4), alloca("t", 16),
            dispatch("k", ("x", 0, 16), ("t", 0, 16), workgroups=(8, 2, 1)), execute(),
            view("y", "t", 0, 16, 4), returns("y"),
        )
    )  # fmt: skip
    (step,) = steps(found)
    assert (step.kernel, step.workgroups, step.constants) == ("k", (8, 2, 1), ())
    assert step.bindings == (span("input"), span("output"))  # the result needs no place of its own
    (f,) = found.functions
    assert f.inputs == [Tensor("input0", "f32", (4,))]
    assert f.outputs == [Tensor("output0", "f32", (4,))]
    assert f.arena_size == 0


def test_steps_count_when_their_command_buffer_is_executed():
    body = [argument("x", 4), alloca("t", 16), dispatch("k", ("x", 0, 16), ("t", 0, 16)), view("y", "t", 0, 16, 4)]
    assert steps(plan(function("f", X, 1, *body, returns("y")))) == []
    assert len(steps(plan(function("f", X, 1, *body, execute(), execute(), returns("y"))))) == 2


def test_fills_and_copies_of_command_buffers_and_queues():
    found = plan(
        function(
            "f", X, 2, argument("x", 4), alloca("t", 64), alloca("u", 64),
            fill("t", 16, 32, -1, "i16"), copy("x", 0, "t", 0, 16), execute(),
            queue_fill("u", 64, 7), queue_copy("t", "u", 32), view("y", "u", 0, 16, 4), view("z", "t", 16, 16, 4), returns("y", "z"),
        )
    )  # fmt: skip
    assert steps(found) == [
        Fill(span("transient", 32, offset=16), 0xFFFF, 2),
        Copy(span("input"), span("transient")),
        Fill(span("transient", 64, index=1), 7, 1),
        Copy(span("transient", 32), span("transient", 32, index=2)),  # nobody reads the fill that is overwritten here
        Copy(span("transient", index=2), span("output")),  # u is larger than the caller's buffer, so it cannot be u's place
        Copy(span("transient", offset=16), span("output", index=1)),
    ]


def test_branches_are_taken_while_evaluating():
    found = plan(
        function(
            "f", X, 1, argument("x", 4), alloca("t", 16), """
    %limit = arith.cmpi slt, %c1, %c2 : index
    cf.cond_br %limit, ^small(%c8 : index), ^large
  ^small(%length: index):
    hal.device.queue.copy<%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)
        source(%x : !hal.buffer)[%c0] target(%t : !hal.buffer)[%c0] length(%length) flags("None")
    cf.br ^end
  ^large:
    cf.br ^end
  ^end:
""", view("y", "t", 0, 16, 4), returns("y"),
        )
    )  # fmt: skip
    assert steps(found) == [Copy(span("input", 8), span("output", 8))]


def test_loops_are_unrolled_and_end():
    loop = """
    cf.br ^head(%c0 : index)
  ^head(%i: index):
    %more = arith.cmpi ult, %i, %c3 : index
    cf.cond_br %more, ^body, ^end
  ^body:
    %next = arith.addi %i, {step} : index
    %offset = arith.muli %i, %c4 : index
    hal.device.queue.copy<%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)
        source(%x : !hal.buffer)[%offset] target(%t : !hal.buffer)[%c0] length(%c4) flags("None")
    cf.br ^head(%next : index)
  ^end:
"""
    body = [argument("x", 4), alloca("t", 4), "{loop}", view("y", "t", 0, 4, 1), returns("y")]
    found = plan(function("f", X, 1, *body).replace("{loop}", loop.format(step="%c1")))
    assert [step.source.offset for step in steps(found)] == [0, 4, 8]


def test_an_endless_loop_is_refused(monkeypatch):
    monkeypatch.setattr("iree_baremetal.plan.routine._LIMIT", 1000)
    with pytest.raises(BaremetalError, match="a loop does not end"):
        plan(function("f", "", 0, "    cf.br ^again\n  ^again:\n    cf.br ^again\n"))


def test_unsigned_and_narrow_integers_wrap_as_the_core_does():
    arithmetic = """
    %low = arith.constant -1 : i8
    %high = arith.constant 127 : i8
    %sum = arith.addi %high, %high : i8
    %wrapped = arith.cmpi slt, %sum, %low : i8
    %wide = arith.extui %low : i8 to i32
    %max = arith.constant 255 : i32
    %extended = arith.cmpi eq, %wide, %max : i32
    %shift = arith.constant 7 : i8
    %top = arith.shrui %low, %shift : i8
    %one = arith.constant 1 : i8
    %shifted = arith.cmpi eq, %top, %one : i8
    %unsigned = arith.cmpi ugt, %low, %high : i8
    %a = arith.andi %wrapped, %extended : i1
    %b = arith.andi %shifted, %unsigned : i1
    %good = arith.andi %a, %b : i1
    %length = arith.select %good, %c16, %c8 : index
    hal.device.queue.copy<%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)
        source(%x : !hal.buffer)[%c0] target(%t : !hal.buffer)[%c0] length(%length) flags("None")
"""
    found = plan(function("f", X, 1, argument("x", 4), alloca("t", 16), arithmetic, view("y", "t", 0, 16, 4), returns("y")))
    assert steps(found)[0].source.length == 16


def test_several_outputs_in_one_allocation_are_copied_out():
    found = plan(
        function(
            "f", X, 2, argument("x", 4), alloca("t", 128), dispatch("k", ("x", 0, 16), ("t", 0, 128)), execute(),
            view("y", "t", 0, 16, 4), view("z", "t", 64, 32, 8), returns("y", "z"),
        )
    )  # fmt: skip
    assert steps(found)[1:] == [
        Copy(span("transient"), span("output")),
        Copy(span("transient", 32, offset=64), span("output", 32, index=1)),
    ]
    assert found.arena_size == 128


def test_a_buffer_returned_twice_is_filled_once_and_copied():
    found = plan(function("f", "", 2, alloca("t", 16), queue_fill("t", 16, 1), view("y", "t", 0, 16, 4), returns("y", "y")))
    assert steps(found) == [Fill(span("output"), 1, 1), Copy(span("output"), span("output", index=1))]


def test_returned_inputs_and_constants_are_copied():
    found = plan(
        function(
            "f", X, 2, argument("x", 4), constant("w", bytes(range(16))), view("y", "w", 0, 16, 4), returns("x_view", "y")
        )
    )  # fmt: skip
    assert steps(found) == [Copy(span("input"), span("output")), Copy(span("constant"), span("output", index=1))]
    assert found.constants == bytes(range(16))


def test_constants_start_at_multiples_of_the_alignment():
    found = plan(
        function(
            "f", "", 2, constant("v", b"\1" * 4), constant("w", b"\2" * 8), view("y", "v", 0, 4, 1), view("z", "w", 0, 8, 2),
            returns("y", "z"),
        )
    )  # fmt: skip
    assert found.constants == b"\1" * 4 + bytes(60) + b"\2" * 8
    assert steps(found)[1].source == span("constant", 8, index=64)


def test_an_unused_input_is_known_from_the_declaration():
    declaration = "sync func @f(%input0: tensor<2x3xi8>, %input1: tensor<f64>) -> ()"
    found = plan(function("f", "a: !hal.buffer_view, b: !hal.buffer_view", 0, returns(), declaration=declaration))
    assert found.functions[0].inputs == [Tensor("input0", "i8", (2, 3)), Tensor("input1", "f64", ())]


def test_scalar_arguments_become_words_of_push_constants():
    words = """
    %high_bits = arith.constant 32 : i64
    %low = arith.trunci %n : i64 to i32
    %shifted = arith.shrui %n, %high_bits : i64
    %high = arith.trunci %shifted : i64 to i32
    %seven = arith.constant 7 : i32
    %g_bits = arith.bitcast %g : f32 to i32
"""
    found = plan(
        function(
            "f", f"{X}, n: i64, g: f32", 1, argument("x", 4), alloca("t", 16), words,
            dispatch("k", ("x", 0, 16), ("t", 0, 16), constants="%low, %high, %seven, %g_bits"), execute(),
            view("y", "t", 0, 16, 4), returns("y"),
        ),
        kernels=[kernel(constants=4)],
    )  # fmt: skip
    assert steps(found)[0].constants == (Word(1, 0), Word(1, 4), 7, Word(2, 0))
    assert found.functions[0].inputs[1:] == [Tensor("input1", "i64", None), Tensor("input2", "f32", None)]


def test_functions_call_one_another():
    inner = f"""
util.func private @inner(%x: !hal.buffer) -> !hal.buffer {{
    %zero = arith.constant 0 : i64
    %size = arith.constant 16 : index
    %fence = util.null : !hal.fence
    %device = util.null : !hal.device
    %memory = hal.memory_type<"DeviceVisible|DeviceLocal"> : i32
    %usage = hal.buffer_usage<"Transfer|DispatchStorage"> : i32
    {alloca("t", 16).replace("%c16", "%size")}
    util.return %t : !hal.buffer
}}
"""
    call = "    %t = util.call @inner(%x) : (!hal.buffer) -> !hal.buffer\n"
    outer = function("f", X, 1, argument("x", 4), call, queue_copy("x", "t", 16), view("y", "t", 0, 16, 4), returns("y"))
    found = plan(inner, outer)
    assert [f.name for f in found.functions] == ["f"]  # a private function is not the caller's
    assert steps(found) == [Copy(span("input"), span("output"))]
