"""Host programs become plans: what each operation means, and what is refused."""

import pytest

from host_programs import *
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Span, Tensor, Word

X = "x_view: !hal.buffer_view"


def steps(plan, name=None):
    return next(f for f in plan.functions if name in (None, f.name)).steps


def span(place, length=16, index=0, offset=0):
    return Span(place, index, offset, length)


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
            "f", X, 1, argument("x", 4), alloca("t", 64), alloca("u", 64),
            fill("t", 16, 32, -1, "i16"), copy("x", 0, "t", 0, 16), execute(),
            queue_fill("u", 64, 7), queue_copy("t", "u", 32), view("y", "u", 0, 16, 4), returns("y"),
        )
    )  # fmt: skip
    assert steps(found) == [
        Fill(span("transient", 32, offset=16), 0xFFFF, 2),
        Copy(span("input"), span("transient")),
        Fill(span("transient", 64, index=1), 7, 1),
        Copy(span("transient", 32), span("transient", 32, index=2)),  # nobody reads the fill that is overwritten here
        Copy(span("transient", index=2), span("output")),  # u is larger than the caller's buffer, so it cannot be u's place
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


# Globals.


def a_global(name, mutable=True):
    return f"\nutil.global private {'mutable ' if mutable else ''}@{name} : !hal.buffer\n"


def zeroed(*names, size=16):
    parts = [alloca(n, size) + queue_fill(n, size, 0) + store(n, n) for n in names]
    return initializer(*parts)


def test_a_zero_state_needs_no_initializer():
    found = plan(a_global("s"), zeroed("s"), function("f", "", 1, load("s", "s"), view("y", "s", 0, 16, 4), returns("y")))
    assert (found.state, found.initializer) == ([16], None)
    assert steps(found) == [Copy(span("state"), span("output"))]


def test_another_initial_value_needs_one():
    found = plan(
        a_global("s"), initializer(alloca("t", 16), queue_fill("t", 16, 5), store("t", "s")),
        function("f", "", 1, load("s", "s"), view("y", "s", 0, 16, 4), returns("y")),
    )  # fmt: skip
    assert found.initializer.steps == [Fill(span("state"), 5, 1)]


def test_a_state_that_starts_as_a_constant_is_copied_from_flash():
    read = """
    %file = hal.ex.file.from_memory device(%device : !hal.device) affinity(%zero) access(Read)
        buffer(%w_data : !util.buffer)[%c0 for %c16] flags(%flags) : !hal.file
    hal.device.queue.read<%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)
        source(%file : !hal.file)[%zero] target(%t : !hal.buffer)[%c0] length(%c16) flags("None")
"""
    data = constant("w", bytes(range(16))).split("%w_allocator")[0] + "    %flags = arith.constant 0 : i32\n"
    function_ = function("f", "", 1, load("s", "s"), view("y", "s", 0, 16, 4), returns("y"))
    found = plan(a_global("s"), initializer(data, alloca("t", 16), read, store("t", "s")), function_)
    assert found.initializer.steps == [Copy(span("constant"), span("state"))]
    found = plan(a_global("s"), initializer(constant("w", bytes(range(16))), store("w", "s")), function_)
    assert found.initializer.steps == [Copy(span("constant"), span("state"))]


def test_a_stored_buffer_is_copied_to_its_state():
    found = plan(
        a_global("s"), zeroed("s"),
        function(
            "f", X, 1, argument("x", 4), load("s", "s"), alloca("t", 16),
            dispatch("k", ("s", 0, 16), ("t", 0, 16)), execute(), store("t", "s"), view("y", "t", 0, 16, 4), returns("y"),
        ),
    )  # fmt: skip
    assert steps(found)[1:] == [Copy(span("output"), span("state"))]


def test_the_old_state_is_returned_before_the_new_one_replaces_it():
    found = plan(
        a_global("s"), zeroed("s"),
        function(
            "f", X, 1, argument("x", 4), load("s", "s"), alloca("t", 16), queue_copy("x", "t", 16), store("t", "s"),
            view("y", "s", 0, 16, 4), returns("y"),
        ),
    )  # fmt: skip
    assert steps(found) == [
        Copy(span("input"), span("transient")),
        Copy(span("state"), span("output")),
        Copy(span("transient"), span("state")),
    ]


def test_two_globals_swap():
    found = plan(
        a_global("a"), a_global("b"), zeroed("a", "b"),
        function("f", "", 0, load("x", "a"), load("y", "b"), store("y", "a"), store("x", "b"), returns()),
    )  # fmt: skip
    a, b = span("state"), span("state", index=1)
    t, u = span("transient", index=0), span("transient", index=1)
    assert steps(found) == [Copy(b, t), Copy(a, u), Copy(t, a), Copy(u, b)]
    (f,) = found.functions
    assert abs(f.offsets[0] - f.offsets[1]) >= 64  # both at once


def test_a_load_after_a_store_sees_what_was_stored():
    found = plan(
        a_global("s"), zeroed("s"),
        function(
            "f", X, 1, argument("x", 4), alloca("t", 16), queue_copy("x", "t", 16), store("t", "s"), load("u", "s"),
            view("y", "u", 0, 16, 4), returns("y"),
        ),
    )  # fmt: skip
    assert steps(found) == [Copy(span("input"), span("output")), Copy(span("output"), span("state"))]


def test_mutable_globals_never_share_their_place():
    function_ = function("f", "", 1, load("b", "b"), view("y", "b", 0, 16, 4), returns("y"))
    shared = initializer(alloca("t", 16), queue_fill("t", 16, 5), store("t", "a"), store("t", "b"))
    for a_is_mutable in (True, False):
        for b_is_mutable in (True, False):
            found = plan(a_global("a", a_is_mutable), a_global("b", b_is_mutable), shared, function_)
            assert found.state == ([16, 16] if a_is_mutable or b_is_mutable else [16])
            assert steps(found)[0].source == span("state", index=len(found.state) - 1)


def test_globals_in_parts_of_one_allocation():
    parts = """
    %a = hal.buffer.subspan<%t : !hal.buffer>[%c0, %c16] : !hal.buffer
    %b = hal.buffer.subspan<%t : !hal.buffer>[%c64, %c16] : !hal.buffer
"""
    found = plan(
        a_global("a"), a_global("b", mutable=False),
        initializer(alloca("t", 128), queue_fill("t", 128, 5), parts, store("a", "a"), store("b", "b")),
        function(
            "f", X, 1, argument("x", 4), load("b", "b"), alloca("u", 16), queue_copy("b", "u", 16), store("u", "a"),
            view("y", "b", 0, 16, 4), returns("y"),
        ),
    )  # fmt: skip
    assert found.state == [128]
    assert steps(found) == [
        Copy(span("state", offset=64), span("transient")),
        Copy(span("state", offset=64), span("output")),
        Copy(span("transient"), span("state")),
    ]


def test_globals_packed_anew_by_every_call():
    # As iree-compile does with several globals: each call leaves them in parts of a new buffer.
    declared = a_global("a") + a_global("b") + "\nutil.global private mutable @b__offset : index\n"
    declared += "\nutil.global private mutable @b__storage_size : index\n"
    at = lambda offset, size: store(f"c{offset}", "b__offset", "index") + store(f"c{size}", "b__storage_size", "index")
    word = "    %offset = util.global.load @b__offset : index\n    %word = arith.index_cast %offset : index to i32\n"
    found = plan(
        declared, zeroed("a", "b"), initializer(at(0, 16)),
        function(
            "f", X, 0, argument("x", 4), load("b", "b"), load("size", "b__storage_size", "index"), word, alloca("t", 128),
            dispatch("k", ("b", 0, 16), ("t", 0, 128), constants="%word").replace("[%c0, %c16]", "[%c0, %size]"), execute(),
            store("t", "a"), store("t", "b"), at(64, 128), returns(),
        ),
        kernels=[kernel(constants=1)],
    )  # fmt: skip
    dispatched, *copies = steps(found)
    assert (dispatched.constants, dispatched.bindings[0]) == ((0,), span("state", index=1))
    assert copies == [
        Copy(span("transient"), span("state")),
        Copy(span("transient", offset=64), span("state", index=1)),
    ]


def test_an_initializer_that_dispatches_runs_before_the_first_call():
    found = plan(
        a_global("w", mutable=False),
        initializer(
            constant("packed", bytes(16)), alloca("t", 32), alloca("kept", 16),
            dispatch("k", ("packed", 0, 16), ("t", 0, 32)), dispatch("m", ("t", 0, 32), ("kept", 0, 16)), execute(),
            store("kept", "w"),
        ),
        function("f", "", 1, load("w", "w"), view("y", "w", 0, 16, 4), returns("y")),
        kernels=[kernel("k"), kernel("m")],
    )  # fmt: skip
    first, second = found.initializer.steps
    assert first.bindings == (span("constant"), span("transient", 32))
    assert second.bindings == (span("transient", 32), span("state"))
    assert found.arena_size == found.initializer.arena_size == 64


def test_a_scalar_global_that_does_not_change_is_known():
    declaration = "\nutil.global private @length = 8 : index\n"
    move = """
    hal.device.queue.copy<%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)
        source(%x : !hal.buffer)[%c0] target(%t : !hal.buffer)[%c0] length(%n) flags("None")
"""
    body = [argument("x", 4), alloca("t", 16), load("n", "length", "index"), move, view("y", "t", 0, 16, 4), returns("y")]
    assert steps(plan(declaration, function("f", X, 1, *body))) == [Copy(span("input", 8), span("output", 8))]


# What is refused.


def test_a_dynamic_dimension_is_refused_with_its_place_and_the_mend():
    dynamic = '    %d = hal.buffer_view.dim<%x_view : !hal.buffer_view>[1] : index loc("net.mlir":3:7)\n'
    with pytest.raises(BaremetalError, match=r"@f.*dimension 1 of input 0 is dynamic.*dims="):
        plan(function("f", X, 0, dynamic, returns()))


def test_an_unknown_operation_is_refused_by_name_place_and_mend():
    unknown = '    %v = hal.buffer.load<%x : !hal.buffer>[%c0] : i32 loc("/somewhere/net.mlir":3:7)\n'
    with pytest.raises(BaremetalError, match=r"hal\.buffer\.load in @f at net\.mlir:3:7.*deploy=static"):
        plan(function("f", X, 0, argument("x", 4), unknown, returns()))


def test_a_workgroup_count_of_run_time_is_refused():
    counted = dispatch("k", ("x", 0, 16), ("x", 0, 16)).replace("[%c1, %c1, %c1]", "[%n, %c1, %c1]")
    with pytest.raises(BaremetalError, match=r"hal\.command_buffer\.dispatch in @f.*only at run time"):
        plan(function("f", f"{X}, n: index", 0, argument("x", 4), counted, returns()))


@pytest.mark.parametrize("name", ["f", "initializer"])
def test_a_scalar_global_that_changes_is_refused(name):
    counter = "\nutil.global private mutable @count = 0 : i32\n"
    add = "    %one = arith.constant 1 : i32\n    %m = arith.addi %n, %one : i32\n"
    refused = f"util.global.store in @{name} at .*@count is a scalar and changes.*tensor<i32>"
    with pytest.raises(BaremetalError, match=refused):
        plan(counter, function(name, "", 0, load("n", "count", "i32"), add, store("m", "count", "i32"), returns()))
    with pytest.raises(BaremetalError, match=refused):
        plan(counter, function(name, "n: i32", 0, store("n", "count", "i32"), returns()))
    scale = "\nutil.global private mutable @count = 1.0 : f32\n"
    with pytest.raises(BaremetalError, match=refused):
        plan(scale, function(name, "", 0, "    %two = arith.constant 2.0 : f32\n", store("two", "count", "f32"), returns()))


def test_a_scalar_global_may_be_set_to_what_it_is():
    size = "\nutil.global private mutable @size = 16 : index\n"  # iree-compile keeps a state's size so
    body = [argument("x", 4), alloca("t", 16), load("n", "size", "index"), store("c16", "size", "index")]
    move = queue_copy("x", "t", 16).replace("length(%c16)", "length(%n)")
    found = plan(size, function("f", X, 1, *body, move, view("y", "t", 0, 16, 4), returns("y")))
    assert steps(found) == [Copy(span("input"), span("output"))]


def test_a_global_without_a_value_is_refused():
    with pytest.raises(BaremetalError, match="@s has no value before @f stores one"):
        plan(a_global("s"), function("f", "", 0, alloca("t", 16), store("t", "s"), returns()))
    with pytest.raises(BaremetalError, match="its buffer does not exist yet"):
        plan(a_global("s"), function("f", X, 0, load("s", "s"), argument("x", 4), queue_copy("s", "x", 16), returns()))


def test_an_external_function_is_refused():
    external = "\nutil.func private @elsewhere(%x: !hal.buffer) -> !hal.buffer\n"
    call = "    %y = util.call @elsewhere(%x) : (!hal.buffer) -> !hal.buffer\n"
    with pytest.raises(BaremetalError, match=r"util\.call in @f.*@elsewhere"):
        plan(external, function("f", X, 0, argument("x", 4), call, returns()))


def test_a_scalar_result_is_refused():
    scalar = "\nutil.func public @f(%n: i32) -> i32 {\n  util.return %n : i32\n}\n"
    with pytest.raises(BaremetalError, match="result 0 is a scalar; return a tensor"):
        plan(scalar)


@pytest.mark.parametrize("kernels", [[], [kernel("other")], [kernel(bindings=3)], [kernel(constants=1)]])
def test_another_library_than_the_programs_is_refused(kernels):
    body = [argument("x", 4), alloca("t", 16), dispatch("k", ("x", 0, 16), ("t", 0, 16)), returns()]
    with pytest.raises(BaremetalError, match="disagree about k: build both again"):
        plan(function("f", X, 0, *body), kernels=kernels)


def test_a_failing_check_is_the_programs_message():
    check = '    %code = arith.constant 14 : i32\n    util.status.check_ok %code, "no such device"\n'
    with pytest.raises(BaremetalError, match="no such device"):
        plan(initializer(check), function("f", "", 0, returns()))


def test_what_is_no_program_is_refused():
    with pytest.raises(BaremetalError, match="model: the host program cannot be read"):
        plan("this is no MLIR")
    with pytest.raises(BaremetalError, match="exports no function"):
        plan("module {}")


def test_an_element_type_that_c_lacks_is_refused():
    with pytest.raises(BaremetalError, match="input 0 of @f has element type complex<f32>, which C lacks"):
        plan(function("f", X, 0, argument("x", 4, "complex<f32>"), returns()))
