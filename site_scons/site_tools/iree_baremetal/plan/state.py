"""A model's global variables: which buffers keep their content between calls."""

from ..errors import BaremetalError
from .model import Fill, spans
from .routine import OFFSET, STORAGE_SIZE
from .values import Buffer, Slice


def keep(routine):
    """Gives what the initializers left in globals a place that lasts: flash, or RAM of its own.

    A mutable global shares its place with no other.
    """
    program, owners = routine.program, []
    program.globals.update(routine.stored)
    for name, value in routine.stored.items():
        if not isinstance(value, (Buffer, Slice)):
            continue
        mutable = name in program.mutable
        place = _tensor(routine, name, value) if mutable else routine.slice(value)
        if place.buffer.place == "transient":
            kept = program.state(place.buffer.size)
            place.buffer.place, place.buffer.index = kept.place, kept.index
        shared = any(_overlap(place, other) and (mutable or changes) for other, changes in owners)
        if shared or (mutable and place.buffer.place == "constant"):
            own = routine.slice(program.state(place.length))
            routine.copy(place, own)
            place = own
        owners.append((place, mutable))
        program.globals[name] = place
        if mutable:
            program.globals.update({name + OFFSET: 0, name + STORAGE_SIZE: place.length})
    _drop_zeroing(routine)


def _tensor(routine, name, value):
    """The place of a global's tensor in its buffer, from its start to the buffer's end."""
    whole = routine.slice(value)
    offset = routine.load(name + OFFSET) if name + OFFSET in routine.program.globals else 0
    return Slice(whole.buffer, whole.offset + offset, whole.length - offset)


def _overlap(one, other):
    ends = one.offset + one.length, other.offset + other.length
    return one.buffer is other.buffer and one.offset < ends[1] and other.offset < ends[0]


def _drop_zeroing(routine):
    """Takes out fills that leave a kept buffer as the start-up code made it: zero."""
    kept, touched = [], set()
    for step in routine.steps:
        # Until the routine is finished, the place of a span is its buffer.
        zeroes = isinstance(step, Fill) and step.pattern == 0 and step.target.place.place == "state"  # type: ignore[attr-defined]
        if not (zeroes and step.target.place not in touched):
            kept.append(step)
            touched.update(span.place for span in spans(step))
    routine.steps = kept


def store(routine):
    """Copies what the function left in mutable globals to their places in RAM."""
    program, copies = routine.program, []
    for name, value in routine.stored.items():
        home = program.globals[name]
        if isinstance(value, (Buffer, Slice)):
            if not isinstance(home, (Buffer, Slice)):
                raise BaremetalError(f"global @{name} has no value before @{routine.name} stores one: initialize it.")
            source, target = _tensor(routine, name, value), routine.slice(home)
            if source != target:
                copies.append((source, target))
    staged = []
    for source, target in copies:
        if source.buffer.place == "state":  # another copy may overwrite it first
            kept = routine.slice(routine.transient(source.length))
            routine.copy(source, kept)
            source = kept
        staged.append((source, target))
    for source, target in staged:
        routine.copy(source, target)
