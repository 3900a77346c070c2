"""The host program's integers, held against MLIR's own folding of the same operations."""

import itertools

import pytest
from host_programs import *
from iree.compiler import ir, passmanager
from iree_baremetal.errors import BaremetalError

EDGES = {
    "i8": (-128, -127, -7, -1, 0, 1, 3, 7, 100, 127),
    "i32": (-(2**31), -5, 0, 3, 2**31 - 1),
    "i64": (-(2**63), -9, 4, 2**63 - 1),
}
BINARY = (
    "addi subi muli andi ori xori minui maxui minsi maxsi divui divsi ceildivui ceildivsi floordivsi remui remsi shli shrui shrsi"
).split()
DIVISIONS = {"divui", "divsi", "ceildivui", "ceildivsi", "floordivsi", "remui", "remsi"}
PREDICATES = "eq ne slt sle sgt sge ult ule ugt uge".split()
SIZE = {"i8": 8, "i32": 32, "i64": 64}


def is_defined(name, left, right, type_):
    if name in DIVISIONS and (right == 0 or (left == -(2 ** (SIZE[type_] - 1)) and right == -1)):
        return False
    return not name.startswith("sh") or 0 <= right < SIZE[type_]


def lines(type_):
    """(MLIR that computes, names of its results), all of type i64."""
    text, names = [], []

    def result(expression, of):
        name = f"%r{len(names)}"
        text.append(f"{name}_ = {expression}")
        widened = f"arith.extsi {name}_ : {of} to i64" if of != "i64" else f"arith.addi {name}_, %nothing : i64"
        text.append(f"{name} = {widened}")
        names.append(name)

    text.append("%nothing = arith.constant 0 : i64")
    for n, value in enumerate(EDGES[type_]):
        text.append(f"%v{n} = arith.constant {value} : {type_}")
    for (l, left), (r, right) in itertools.product(enumerate(EDGES[type_]), repeat=2):
        for name in BINARY:
            if is_defined(name, left, right, type_):
                result(f"arith.{name} %v{l}, %v{r} : {type_}", type_)
        for predicate in PREDICATES:
            result(f"arith.cmpi {predicate}, %v{l}, %v{r} : {type_}", "i1")
    for n in range(len(EDGES[type_])):
        if type_ != "i8":
            result(f"arith.trunci %v{n} : {type_} to i8", "i8")
        if type_ != "i64":
            result(f"arith.extui %v{n} : {type_} to i64", "i64")
    return text, names


def folded(text, names):
    types = ", ".join(["i64"] * len(names))
    body = "\n".join(text)
    with ir.Context():
        module = ir.Module.parse(f"func.func @f() -> ({types}) {{\n{body}\nreturn {', '.join(names)} : {types}\n}}")
        passmanager.PassManager.parse("builtin.module(func.func(canonicalize))").run(module.operation)
        *_, returned = module.body.operations[0].regions[0].blocks[0].operations
        return [operand.owner.attributes["value"].value for operand in returned.operation.operands]


def evaluated(text, names):
    """The low and the high word of each result, as a kernel would get it."""
    text, words = list(text), []
    text.append("%bits = arith.constant 32 : i64")
    for name in names:
        text += [f"{name}_low = arith.trunci {name} : i64 to i32", f"{name}_shifted = arith.shrui {name}, %bits : i64"]
        text += [f"{name}_high = arith.trunci {name}_shifted : i64 to i32"]
        words += [f"{name}_low", f"{name}_high"]
    found = plan(
        function(
            "f", X, 1, argument("x", 4), alloca("t", 16), "\n".join(text), dispatch("k", ("x", 0, 16), ("t", 0, 16), constants=", ".join(words)),
            execute(), view("y", "t", 0, 16, 4), returns("y"),
        ),
        kernels=[kernel(constants=len(words))],
    )  # fmt: skip
    found = steps(found)[0].constants
    values = [low | high << 32 for low, high in zip(found[::2], found[1::2])]
    return [value - (1 << 64) if value >> 63 else value for value in values]


@pytest.mark.parametrize("type_", EDGES)
def test_they_are_what_mlir_folds_them_to(type_):
    text, names = lines(type_)
    found, expected = evaluated(text, names), folded(text, names)
    assert len(found) == len(expected) >= 200
    wrong = [(line, f, e) for line, f, e in zip([t for t in text if "_ =" in t], found, expected) if f != e]
    assert not wrong


@pytest.mark.parametrize(
    "operation, left, right, low, high",
    [
        ("arith.addui_extended", -1, 2, 1, 1), ("arith.addui_extended", 1, 2, 3, 0),
        ("arith.mului_extended", -1, -1, 1, 0xFFFFFFFE), ("arith.mulsi_extended", -1, -1, 1, 0),
        ("arith.mulsi_extended", -2, 3, 0xFFFFFFFA, 0xFFFFFFFF),
    ],
)  # fmt: skip
def test_extended_results_have_both_halves(operation, left, right, low, high):
    upper = "i1" if operation == "arith.addui_extended" else "i32"
    text = f"""
    %a = arith.constant {left} : i32
    %b = arith.constant {right} : i32
    %low, %upper = {operation} %a, %b : i32{", i1" if upper == "i1" else ""}
    %high = {"arith.extui %upper : i1 to i32" if upper == "i1" else "arith.addi %upper, %zero32 : i32"}
"""
    text = "    %zero32 = arith.constant 0 : i32\n" + text
    call = dispatch("k", ("x", 0, 16), ("x", 0, 16), constants="%low, %high")
    found = plan(function("f", X, 0, argument("x", 4), text, call, execute(), returns()), kernels=[kernel(constants=2)])
    assert steps(found)[0].constants == (low, high)


@pytest.mark.parametrize(
    "name, right, reason", [("divsi", 0, "divides by zero"), ("remui", 0, "divides by zero"), ("shli", 32, "a shift by 32")]
)
def test_what_has_no_result_is_refused(name, right, reason):
    text = f"    %a = arith.constant 5 : i32\n    %b = arith.constant {right} : i32\n    %c = arith.{name} %a, %b : i32\n"
    with pytest.raises(BaremetalError, match=f"arith.{name} in @f.*{reason}"):
        plan(function("f", "", 0, text, returns()))


def test_sizes_are_aligned_and_compared():
    text = """
    %n = arith.constant 17 : index
    %aligned = util.align %n, %c8 : index
    %least = util.range.min %aligned, %c64, %n : index
    %most = util.range.max %aligned, %n : index
    %low = arith.index_cast %least : index to i32
    %high = arith.index_cast %most : index to i32
"""
    call = dispatch("k", ("x", 0, 16), ("x", 0, 16), constants="%low, %high")
    found = plan(function("f", X, 0, argument("x", 4), text, call, execute(), returns()), kernels=[kernel(constants=2)])
    assert steps(found)[0].constants == (17, 24)
