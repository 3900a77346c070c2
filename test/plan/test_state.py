"""Global variables: which buffers a call finds as the last one left them."""

from host_programs import *
from iree_baremetal.plan.model import Copy, Fill


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

    def at(offset, size):
        return store(f"c{offset}", "b__offset", "index") + store(f"c{size}", "b__storage_size", "index")

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
