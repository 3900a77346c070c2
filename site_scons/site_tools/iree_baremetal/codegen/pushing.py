"""An input that the application gives row by row: `<model>_push_rows` and what belongs to it, in header and source."""

from ..plan.model import ALIGNMENT, C_TYPES
from . import names

GROUP = 3  # the most rows that the harness pushes at once


def function_of(plan):
    """The function of plan whose input is given so, or None."""
    return next((function for function in plan.functions if function.pushed), None)


def _c_type(function):
    return C_TYPES[function.inputs[function.pushed.input].dtype][0]


def _elements(function):
    """Of a row."""
    return function.pushed.size // C_TYPES[function.inputs[function.pushed.input].dtype][1]


def signatures(plan, function):
    """The C prototypes beside those of function, without semicolons."""
    if not function.pushed:
        return []
    rows = f"const {_c_type(function)} *rows, size_t n"
    push, reset = names.push_rows(plan), names.reset_rows(plan)
    return [f"int {push}({rows})", f"int {push}_in(void *arena, {rows})", f"void {reset}(void)"]


def described(plan, function, c_name):
    """Lines of the header's comment on the function's input, if it is given so."""
    if not function.pushed:
        return []
    push, label = names.push_rows(plan), names.parameters(function.inputs + function.outputs)[function.pushed.input]
    channels, _, width = function.inputs[function.pushed.input].shape[-3:] if function.pushed.is_interleaved else (0, 0, 0)
    pixels = [f" *   A row has {width} pixels, each with its {channels} channels."] if channels else []
    return [
        f" *   {label} is given row by row: {push}(rows, n) takes the next n of its {function.pushed.rows} rows, of",
        f" *   {_elements(function)} elements each, dense and at any address, and computes what they suffice for. When all are",
        f" *   there, {c_name}() gives the results, and the next row is the first again. IREE_MODEL_ROWS: there are no so",
        f" *   many rows, and none was taken, or not all are there. {names.reset_rows(plan)}() forgets the rows so far.",
        *pixels,
        " *   From the first row to the results the arena has to stay as it is.",
    ]


def macros(plan):
    """The header's macros."""
    function, prefix = function_of(plan), names.identifier(plan.name).upper()
    if not function:
        return []
    return [
        f"#define {prefix}_ROWS {function.pushed.rows} /* of the input that is pushed */",
        f"#define {prefix}_ROW_ELEMENTS {_elements(function)}",
    ]


def state(plan):
    """The declaration of what is kept from push to push."""
    return [f"static iree_direct_rows_t {_state(plan)};", ""] if function_of(plan) else []


def _state(plan):
    return f"{plan.name}_rows"


def reset(plan):
    """The statements that forget the rows so far."""
    return [f"  {_state(plan)}.given = 0;", f"  {_state(plan)}.at = NULL;"] if function_of(plan) else []


def arguments(plan):
    """What `iree_direct_run` gets beyond the rest, for the function that takes rows."""
    return f", &{_state(plan)}, rows_, n_"


def push(plan, function, prologue, run, outputs):
    """The C of `<model>_push_rows` and its like.

    prologue: statements for the first call of the model. run: the name of what runs the steps, with arena, rows, their number, and
    outputs: of these it does not touch any yet.
    """
    pushed, name, given = function.pushed, names.push_rows(plan), f"{_state(plan)}.given"
    plain, own, reset_ = signatures(plan, function)
    nothing = ", NULL" * outputs
    lines = [f"{reset_} {{", *reset(plan), "}", "", f"{own} {{", *aligned(["arena"]), *prologue]
    lines.append(f"  if (n > {pushed.rows} - {given}) return IREE_MODEL_ROWS;")
    if pushed.needed == pushed.rows:
        lines.append("  const uint32_t needed = (uint32_t)n;")
    else:  # of those behind them nothing is computed
        lines += [f"  const uint32_t missing = {given} < {pushed.needed} ? {pushed.needed} - {given} : 0;"]
        lines += ["  const uint32_t needed = n < missing ? (uint32_t)n : missing;"]
    lines += [
        f"  {given} += (uint32_t)n;",
        "  if (needed == 0) return IREE_MODEL_OK;",
        f"  const int status = {run}(arena, (const uint8_t *)rows, needed{nothing});",
        f"  if (status != IREE_MODEL_OK) {names.reset_rows(plan)}();",
        "  return status;",
        "}",
        "",
        f"{plain} {{",
        f"  return {name}_in({plan.name}_arena, rows, n);",
        "}",
        "",
    ]
    return lines


def results(plan, function, run, arguments_):
    """Statements that give the results, with the function's own arguments."""
    given = f"{_state(plan)}.given"
    return [
        f"  if ({given} != {function.pushed.rows}) return IREE_MODEL_ROWS;",
        f"  const int status = {run}({', '.join(['arena', 'NULL', '0', *arguments_])});",
        *reset(plan),
        "  return status;",
    ]


def aligned(labels):
    """The test of addresses that the caller gives."""
    terms = " | ".join(f"(uintptr_t){label}" for label in labels)
    return [f"  if (({terms}) & {ALIGNMENT - 1}) return IREE_MODEL_MISALIGNED;"]


def example(plan, function):
    """Statements of an application that push all rows, one after the other; plan: or what else has the model's name."""
    if not function.pushed:
        return []
    label = names.parameters(function.inputs + function.outputs)[function.pushed.input]
    return [
        f"  static {_c_type(function)} row[{_elements(function)}]; /* of {label}: {function.pushed.rows} rows of {_elements(function)} elements */",
        f"  for (int number = 0; number < {function.pushed.rows}; ++number) {{",
        "    /* Fill the row here. */",
        f"    const int status = {names.push_rows(plan)}(row, 1);",
        "    if (status != IREE_MODEL_OK) return status;",
        "  }",
    ]


def stretches(function, dispatches):
    """How many dispatches are measured in each of the stretches of a call that the harness measures; dispatches: in all."""
    pushed = function.pushed
    if not pushed:
        return [dispatches]
    row, size, done, found = 0, 1, 0, []
    while row < pushed.rows:  # as `fed` has it
        row = min(row + size, pushed.rows)
        last = pushed.dispatches[min(row, pushed.needed) - 1] if dispatches else 0
        found.append(last - done)
        done, size = last, size % GROUP + 1
    return [*found, dispatches - done]


def fed(plan, function, place):
    """The harness's statements that push the input, which it reads to place by groups of rows; they declare status and pushing."""
    pushed = function.pushed
    return [
        "  measured = 0;",
        "  int status = IREE_MODEL_OK;",
        "  uint64_t pushing = 0;",
        f"  for (size_t row = 0, n = 1; row < {pushed.rows}; row += n, n = n % {GROUP} + 1) {{",
        f"    if (n > {pushed.rows} - row) n = {pushed.rows} - row;",
        f"    get({place}, n * {pushed.size});",
        "    if (status != IREE_MODEL_OK) continue;",
        "    const uint64_t begin = board_count();",
        f"    status = {names.push_rows(plan)}({place}, n);",
        "    pushing += board_count() - begin - nothing;",
        "  }",
    ]
