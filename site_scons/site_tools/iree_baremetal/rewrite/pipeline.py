"""All rewrites of a program at the flow phase, in their order, and what became of each dispatch."""

from functools import partial

from ..errors import BaremetalError
from ..modules import bytecode, parsed
from ..plan import slabs
from . import brevity, depthwise, dispatches, in_place, interchange, product, scalar, sharing
from .core import Core
from .dsp import attention, smlad, smlad_16x8, smlad_int4
from .forms import WIDTHS, Form, Forms
from .fpu import blocks
from .integers import addition, pool, rounding
from .mve import channel_lanes, vmlava
from .product import NoMatch
from .rv32 import swar


def _mve(dispatch, core):
    if not core.has_mve:
        raise NoMatch("the core has no MVE")
    return _of_either(dispatch, vmlava.rewrite, vmlava.rewrite)


def _smlad(dispatch, core):
    if not core.has_dsp:
        raise NoMatch("the core has no DSP extension")
    return _of_either(dispatch, _int8_by_smlad, smlad_16x8.rewrite)


def _int8_by_smlad(found, compact=False):
    if smlad_int4.fits(found):
        smlad_int4.rewrite(found, compact)
        return ", weights of four bits"
    smlad.rewrite(found, compact)
    return ""


def _of_either(dispatch, of_int8, of_16x8):
    """What was rewritten: a product of int8, with what of_int8 says more of it, or of int16 activations and int8 weights."""
    try:
        found = product.find(dispatch, element="i16", takes_padding=True)
    except NoMatch:
        return f"int8 product{of_int8(product.find(dispatch, takes_padding=True)) or ''}"
    of_16x8(found)
    return "16x8 product"


def _swar(dispatch, core):
    if not core.is_scalar or not core.is_rv32im:
        raise NoMatch("the core is no RV32IM, or has vectors")
    swar.rewrite(product.find(dispatch, takes_padding=True))
    return "int8 product"


def _scalar(dispatch, core):
    if not core.is_scalar:
        raise NoMatch("the core has vectors")
    by_scalars = partial(scalar.rewrite, is_wide=core.is_rv32im)
    return _of_either(dispatch, by_scalars, by_scalars)


def _compact(dispatch, core):
    if not core.is_scalar:
        raise NoMatch("the core has vectors")
    ways = (_int8_by_smlad, smlad_16x8.rewrite) if core.has_dsp else (scalar.rewrite, scalar.rewrite)
    return _of_either(dispatch, *(partial(way, compact=True) for way in ways))


def _attention(dispatch, core):
    if not core.has_dsp or core.has_mve:
        raise NoMatch("the core has no DSP extension, or MVE")
    attention.rewrite(product.find(dispatch, is_constant=False))
    return "int8 product of activations"


def _by_channels(found):
    try:
        channel_lanes.rewrite(found)
    except NoMatch:
        return False
    return True


def _depthwise(dispatch, core):
    if not core.is_scalar and not core.has_dsp:
        raise NoMatch("the core has vectors")
    return f"depthwise {_of_either(dispatch, partial(_depthwise_int8, core=core), partial(_depthwise_16x8, core=core))}"


def _depthwise_int8(found, core):
    if core.has_mve and _by_channels(found):
        return ", four channels at once"
    # With MVE the compiler takes channels that lie side by side at once; without DSP its loops are the shorter ones.
    depthwise.rewrite(
        found,
        core.has_dsp,
        channels_last=core.has_dsp and not core.has_mve,
        has_mve=core.has_mve,
        is_wide=core.is_rv32im,
    )
    return ""


def _depthwise_16x8(found, core):
    depthwise.rewrite(found, core.has_dsp, is_wide=core.is_rv32im)


def _blocks(dispatch, core):
    if not core.has_fpu or core.has_mve:
        raise NoMatch("the core has no FPU, or MVE")
    found = product.find(dispatch, element="f32", takes_padding=True)
    if found.groups and found.padding:
        depthwise.rewrite(found, has_dsp=False)
        return "depthwise product of floats"
    blocks.rewrite(found, core.fuses, blocks.work(found) / core.average)
    return "product of floats"


def _interchange(dispatch, core):
    if not core.is_scalar:
        raise NoMatch("the core has vectors")
    interchange.rewrite(dispatch)
    return "depthwise product of floats"


def _addition(dispatch, core):
    return f"{addition.rewrite(dispatch)} sums of two int8"


def _pool(dispatch, core):
    if not core.is_scalar and not core.has_dsp:
        raise NoMatch("the core has vectors")
    pool.rewrite(dispatch, core)
    return "int8 sum"


def _round(dispatch, core):
    count = rounding.apply(dispatch.function, core.has_dsp)
    if not count:
        raise NoMatch("nothing is quantized")
    return f"{count} quantizations"


# Products first: their epilogues become scalar code, which rounding does better.
REWRITES = {
    "mve": _mve,
    "compact": _compact,
    "smlad": _smlad,
    "swar": _swar,
    "scalar": _scalar,
    "depthwise": _depthwise,
    "blocks": _blocks,
    "interchange": _interchange,
    "attention": _attention,
    "addition": _addition,
    "pool": _pool,
    "round": _round,
}
# Those that a kernel of the form "plain" goes without.
_PRODUCTS = {"mve", "compact", "smlad", "swar", "scalar", "depthwise", "blocks", "interchange", "attention"}
MAY_BE_PLAIN = 0.05  # of an inference's time: products that might as well be plain
SHARE, BRIEF, SMALL = "share", "brief", "small"  # of all kernels together, in the end
NHWC = "nhwc"  # before there are kernels
_NAMES = [NHWC, *REWRITES, SHARE, BRIEF, SMALL]
# Their loops hold what LLVM knows to be constant in registers; of an input they would load it again after each store.
_HOLD_CONSTANTS = {"depthwise"}
# What makes kernels smaller at the expense of their speed has to be asked for.
ALL = [name for name in _NAMES if name not in ("compact", SMALL)]


def parse_names(text):
    """["smlad", "round"] from "smlad,round"; "all", also as one of them, stands for those of `ALL`, "none" for no one."""
    if text == "none":
        return []
    names = [name.strip() for name in text.split(",") if name.strip()]
    names = [one for name in names for one in (ALL if name == "all" else [name])]
    for name in names:
        if name not in _NAMES:
            raise BaremetalError(f"rewrites={text}: there is no '{name}'. There are: {', '.join(_NAMES)}; all; none.")
    return names


def padded(module, names):
    """The elements of tensors that rewrites may pad within their kernels."""
    core = Core(module)
    floats = {"f32"} if "blocks" in names and core.has_fpu and not core.has_mve else set()
    return {"i8"} | floats | ({"i16"} if core.has_dsp or core.is_scalar else set())


def rewrite(program, names, forms=None):
    """(the program rewritten, a line for each dispatch and rewrite) of a program at the flow phase, as bytes.

    A program in which nothing matches comes back as it is. forms: `Forms` that are asked for, and which learns the others.
    """
    forms = forms or Forms()
    with parsed(program, "flow") as module:
        core, lines, products, found, quick = Core(module), [], set(), dispatches.find(module), set()
        core.average = blocks.average(found)
        works = {d.name: brevity.work(d) for d in found}
        few = MAY_BE_PLAIN * sum(works[d.name].cycles * len(d.sites) for d in found)
        plain = {d.name for d in found if works[d.name].cycles * len(d.sites) <= few and not _is_padded(d)}
        widths = {d.name: _widths(d, core) for d in found}
        changed = False
        for dispatch in found:
            places, dispatch.form = in_place.inputs(dispatch), Form(forms.asked.get(dispatch.name, ""))
            for name in (n for n in REWRITES if n in names):
                outcome = _outcome(name, dispatch, core)
                is_taken = not isinstance(outcome, NoMatch)
                changed |= is_taken
                quick |= {dispatch.name} if is_taken and name in _HOLD_CONSTANTS else set()
                products |= {dispatch.name} if is_taken and name in _PRODUCTS else set()
                lines.append(f"{dispatch.name}: {name}: {outcome if is_taken else f'no: {outcome}'}")
            dispatches.sweep(dispatch.function)
            removed = dispatch.remove_unused_inputs()
            slabs.renumber(dispatch.function, removed)
            in_place.mark(dispatch, [place - sum(number < place for number in removed) for place in places])
        forms.shared = sharing.share(module, quick) if SHARE in names else {}
        shared = [f"{name}: {SHARE}: {other} stands for it" for name, other in forms.shared.items()]
        short = _short(module, works, names, {dispatch.name: dispatch.form for dispatch in found})
        for d in found:
            is_small = forms.shared.get(d.name, d.name) in short
            forms.note(d, is_small, d.name in products, d.name in plain, widths[d.name])
        lines, changed = [*lines, *shared, *short.values()], changed or bool(shared or short)
        return (bytecode(module) if changed else program), lines


def _outcome(name, dispatch, core):
    """What the rewrite called name makes of dispatch, or the `NoMatch`."""
    blocks_before = dispatch.form.blocks
    try:
        if dispatch.form.is_plain and name in _PRODUCTS:
            raise NoMatch("its form is plain")
        return REWRITES[name](dispatch, core)
    except NoMatch as reason:
        dispatch.form.blocks = blocks_before
        return reason


def _is_padded(dispatch):
    return any(op.name == "tensor.pad" for op in dispatches.operations(dispatch.function))


def _widths(dispatch, core):
    """Which widths of vectors, in bytes, it could have beside its own: none where it quantizes sums of floats, as a tie goes by
    the order of additions."""
    inner = dispatches.operations(dispatch.function)
    is_fixed = any(op.name == "arith.fptosi" for op in inner) and any(map(brevity.adds_floats, brevity.computing(dispatch)))
    return [] if is_fixed else [width for width in WIDTHS if width != core.width]


def _short(module, works, names, forms):
    """Has kernels compiled for size; {its name: a line}. works: {its name: its `brevity.Work`}; forms: {…: `Form`}."""
    found, lines = dispatches.find(module), {}
    cycles = {dispatch.name: works[dispatch.name].cycles * len(dispatch.sites) for dispatch in found}
    total = max(1, sum(cycles.values()))
    for dispatch in found:
        share, asked = cycles[dispatch.name] / total, forms[dispatch.name].is_small
        is_brief = BRIEF in names and 0 < share < brevity.LITTLE and not brevity.has_product(dispatch)
        if SMALL in names or is_brief if asked is None else asked:
            # Products have loops of their own by now: minsize would make them slower, and hardly smaller.
            at_any_cost = 0 < share < brevity.LEAST and (SMALL in names or not works[dispatch.name].is_product)
            brevity.shorten(dispatch, at_any_cost, at_any_cost and works[dispatch.name].is_plain)
            lines[dispatch.name] = f"{dispatch.name}: {SMALL if SMALL in names else BRIEF}: for size"
    return lines
