"""Host programs that are refused: by the operation's name, its place, and what to do instead."""

import pytest
from host_programs import *
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Copy


def test_a_dynamic_dimension_is_refused_with_its_place_and_the_mend():
    dynamic = '    %d = hal.buffer_view.dim<%x_view : !hal.buffer_view>[1] : index loc("net.mlir":3:7)\n'
    with pytest.raises(BaremetalError, match=r"@f.*dimension 1 of input 0 is dynamic.*dims="):
        plan(function("f", X, 0, dynamic, returns()))


def test_an_unknown_operation_is_refused_by_name_place_and_mend():
    unknown = '    %w = arith.constant 2.0 : f32\n    %v = arith.mulf %w, %w : f32 loc("/somewhere/net.mlir":3:7)\n'
    with pytest.raises(BaremetalError, match=r"arith\.mulf in @f at net\.mlir:3:7.*deploy=static"):
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


def test_a_node_of_an_imported_model_is_named(tmp_path):
    lines = [
        "module {",
        "  func.func @g() {",
        *(f'    %{n} = torch.operator "onnx.{name}"() : () -> i1' for n, name in enumerate(("If", "Add", "If", "Loop"))),
    ]
    (tmp_path / "net.mlir").write_text("\n".join(lines))
    unknown = '    %w = arith.constant 2.0 : f32\n    %v = arith.mulf %w, %w : f32 loc("{}":{}:7)\n'

    def refused(line, match):
        with pytest.raises(BaremetalError, match=match):
            plan(function("f", X, 0, argument("x", 4), unknown.format(tmp_path / "net.mlir", line), returns()))

    refused(5, "in @f at net.mlir:5:7")
    (tmp_path / "net.names.json").write_text('{"nodes": {"If": ["first", "/model/If_1"], "Add": ["sum"]}}')
    refused(5, r"in @f at node '/model/If_1' \(If\)")
    refused(4, r"in @f at node 'sum' \(Add\)")
    refused(6, r"in @f at a node Loop")
    refused(2, "in @f at net.mlir:2:7")
