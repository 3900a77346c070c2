"""A model's global variables: which buffers keep their content between calls."""

from ..errors import BaremetalError
from .model import Fill, spans
from .values import Buffer, Slice


def keep(routine):
    """Gives what the initializers left in globals a place that lasts: flash, or RAM of its own.

    A mutable global shares its place with no other.
    """
    program, owners = routine.program, []
    for name, value in routine.stored.items():
        if isinstance(value, (Buffer, Slice)):
            whole, mutable = routine.slice(value), name in program.mutable
            if whole.buffer.place == "transient":
                kept = program.state(whole.buffer.size)
                whole.buffer.place, whole.buffer.index = kept.place, kept.index
            shared = any(_overlap(whole, other) and (mutable or changes) for other, changes in owners)
            if shared or (mutable and whole.buffer.place == "constant"):
                value = program.state(whole.length)
                routine.copy(whole, routine.slice(value))
            owners.append((routine.slice(value), mutable))
        program.globals[name] = value
    _drop_zeroing(routine)


def _overlap(one, other):
    ends = one.offset + one.length, other.offset + other.length
    return one.buffer is other.buffer and one.offset < ends[1] and other.offset < ends[0]


def _drop_zeroing(routine):
    """Takes out fills that leave a kept buffer as the start-up code made it: zero."""
    kept, touched = [], set()
    for step in routine.steps:
        zeroes = isinstance(step, Fill) and step.pattern == 0 and step.target.place.place == "state"
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
            source, target = routine.slice(value), routine.slice(home)
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
