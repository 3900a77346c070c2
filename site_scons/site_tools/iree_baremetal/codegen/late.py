"""Numbers that only run time knows, as C: what the host program computes of what it reads from buffers.

All are int64_t, held as `plan.integers` holds them: with their sign, but an i1 is 0 or 1.
"""

from ..plan.model import Late, Load

# Operations on two integers -> whether they read them as signed, and C of the result.
_BINARY = {
    "addi": (False, "{l} + {r}"),
    "subi": (False, "{l} - {r}"),
    "muli": (False, "{l} * {r}"),
    "andi": (False, "{l} & {r}"),
    "ori": (False, "{l} | {r}"),
    "xori": (False, "{l} ^ {r}"),
    "minui": (False, "({l} < {r} ? {l} : {r})"),
    "maxui": (False, "({l} > {r} ? {l} : {r})"),
    "minsi": (True, "({l} < {r} ? {l} : {r})"),
    "maxsi": (True, "({l} > {r} ? {l} : {r})"),
    "divui": (False, "{l} / {r}"),
    "divsi": (True, "{l} / {r}"),
    "ceildivui": (False, "({l} / {r} + ({l} % {r} != 0))"),
    "ceildivsi": (True, "({l} / {r} + ({l} % {r} != 0 && ({l} < 0) == ({r} < 0)))"),
    "floordivsi": (True, "({l} / {r} - ({l} % {r} != 0 && ({l} < 0) != ({r} < 0)))"),
    "remui": (False, "{l} % {r}"),
    "remsi": (True, "{l} % {r}"),
    "shli": (False, "{l} << {r}"),
    "shrui": (False, "{l} >> {r}"),
    "shrsi": (True, "{l} >> {r}"),
}
# The predicates of cmpi, in MLIR's order.
_COMPARE = [
    (False, "=="),
    (False, "!="),
    *((True, c) for c in ("<", "<=", ">", ">=")),
    *((False, c) for c in ("<", "<=", ">", ">=")),
]


def expression(value, loaded):
    """C of value, an int or a `Late`; loaded: the array of what was read, by the loads' numbers."""
    if isinstance(value, int):
        return f"INT64_C({value})" if value > -(1 << 63) else "INT64_MIN"
    if value.name == "load":
        return f"{loaded}[{value.operands[0]}]"
    operands = [expression(operand, loaded) for operand in value.operands]
    if value.name in _BINARY:
        signed, text = _BINARY[value.name]
        left, right = (_read(operand, value.type, signed) for operand in operands)
        return _held(f"({text.format(l=left, r=right)})", value.type)
    if value.name == "cmpi":
        signed, sign = _COMPARE[value.predicate]
        left, right = (_read(operand, value.of, signed) for operand in operands)
        return f"(int64_t)({left} {sign} {right})"
    if value.name == "select":
        return "({} ? {} : {})".format(*operands)
    return _held(_read(operands[0], value.of, value.name not in ("extui", "index_castui")), value.type)


def width(type_):
    """The bits of a type; ``index`` has 64."""
    return 64 if type_ == "index" else int(type_.lstrip("bfi"))


def _read(text, type_, signed):
    """A held number as 64 bits of the type's value."""
    bits = width(type_)
    if bits == 1:
        return f"-(int64_t)({text} & 1)" if signed else f"(uint64_t)({text} & 1)"
    return f"(int64_t)(int{bits}_t){text}" if signed else f"(uint64_t)(uint{bits}_t){text}"


def _held(text, type_):
    bits = width(type_)
    return f"(int64_t)({text} & 1)" if bits == 1 else f"(int64_t)(int{bits}_t){text}"


def text(function, c_name, place, words):
    """C of what runs at each load of function: it keeps what it reads, and sets the constants that are then known.

    place: as for `steps.Steps`; words: the constants of the dispatches, in order.
    """
    loads = [step for step in function.steps if isinstance(step, Load)]
    known_at = {load.number: position for position, load in enumerate(loads)}
    lines = [f"static int64_t {c_name}_loaded[{len(loads)}];"]
    for position, load in enumerate(loads):
        base, offset = place(load.source)
        bits = 8 * load.source.length
        lines += [f"static void {c_name}_load_{load.number}(uint8_t *const *bases) {{", f"  int{bits}_t value;"]
        lines += [
            f"  memcpy(&value, bases[{base}] + {offset}, sizeof value);",
            f"  {c_name}_loaded[{load.number}] = value{' & 1' * (load.type == 'i1')};",
        ]
        for index, word in enumerate(words):
            if isinstance(word, Late) and max(known_at[n] for n in word.loads) == position:
                lines.append(f"  {c_name}_words[{index}] = (uint32_t){expression(word, f'{c_name}_loaded')};")
        lines += ["}"]
    names = ", ".join(f"{c_name}_load_{number}" for number in range(len(loads)))
    return [*lines, f"static void (*const {c_name}_loads[])(uint8_t *const *) = {{{names}}};"]
