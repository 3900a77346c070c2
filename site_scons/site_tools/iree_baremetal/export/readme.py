"""The README of an exported folder: what it is, how it is called and taken in, what it takes."""

from ..codegen import header, pushing
from .library import LICENSE_NAME


def _row(*cells):
    return f"| {' | '.join(cells)} |"


def _calls(library):
    lines = []
    for c_name, function in library.functions:
        pushed = [f"{line};" for line in pushing.signatures(library, function)]
        lines += ["```c", f"{header.signature(function, c_name)};", *pushed, "```", ""]
        inputs, outputs = header.parameter_names(function)
        for kind, tensors, names in (("in", function.inputs, inputs), ("out", function.outputs, outputs)):
            for tensor, name in zip(tensors, names):
                lines.append(f"- {kind} `{name}`: {header.shape_text(tensor)}{header.tensor_note(tensor)}")
        if pushed:
            lines += [f"- `{inputs[function.pushed.input]}` is given row by row, before the call that gives the results."]
        lines.append("")
    return lines


def _memory(library):
    costs = library.costs
    lines = ["## Memory", "", _row("", "flash, bytes", "RAM, bytes"), _row("---", "--:", "--:")]
    for name, (flash, ram) in costs["memory"].items():
        lines.append(_row(name, f"{flash:,}" if flash else "", f"{ram:,}" if ram else ""))
    lines += ["", "The generated code was compiled with -Os; yours may take more or less.", ""]
    return lines


def _cost(library):
    columns = {"multiply-accumulates": "macs", "instructions": "count", "cycles, estimated": "cycles", "stack, bytes": "stack"}
    costs, where = library.costs["functions"], library.costs["measured_on"]
    known = {title: key for title, key in columns.items() if key == "macs" or any(cost[key] for cost in costs.values())}
    lines = ["## Cost", "", _row("a call of", *known), _row("---", *("--:" for _ in known))]
    for c_name, cost in costs.items():
        lines.append(_row(f"`{c_name}`", *(f"{cost[key]:,}" if cost[key] or key == "macs" else "" for key in known.values())))
    counted = "; cycles are estimated, for memory without wait states" if "cycles, estimated" in known else ""
    lines += [
        "",
        f"Measured on {where}{counted}."
        if where
        else "Instructions and stack were not measured: that takes an emulator of the board.",
        "",
    ]
    return lines


def text(library, module):
    """README.md for the folder of one format, with its lines of usage."""
    shown = f"`{library.machine_flags}`" if library.machine_flags else "this machine"
    return "\n".join(
        [
            f"# {library.name} {library.version}",
            "",
            f"{library.summary}, as a library for {module.TITLE}.",
            "",
            f"Its kernels and weights are compiled for {shown}.",
            "The application must be compiled for the same core and ABI. The C sources are compiled with it, as C99 or later.",
            "Nothing else is needed but `memcpy` and `memset` of the C library, and `libm`.",
            "",
            "## Use",
            "",
            *module.usage(library),
            "",
            "## Call",
            "",
            *_calls(library),
            f"Each returns `IREE_MODEL_OK` or another code of `iree_model.h`; `{library.name}.h` tells more. Declare tensors `IREE_ALIGNED`.",
            "",
            *_memory(library),
            *_cost(library),
            "## Licence",
            "",
            f"The C sources and headers: {LICENSE_NAME}, see LICENSE. Kernels and weights are made of the model, whose own",
            "licence holds for them.",
            "",
        ]
    )
