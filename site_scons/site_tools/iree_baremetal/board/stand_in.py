"""A board that QEMU does not have, on the nearest machine that it has.

The firmware for the part keeps the part's own memory map and code. For runs and measurements the
same objects are linked a second time: at the addresses of the stand-in and with its startup,
console and counter, but with the part's core, stack, heap and the sizes of the part's regions. So
what fits there fits the part, and what runs there are the part's instructions.
"""

from dataclasses import replace

from ..errors import BaremetalError
from .data import Region

_CORE = ("toolchain", "triple", "cpu", "cpu_features", "float_abi", "abi", "machine_flags", "specs")
_KEPT = (*_CORE, "stack", "heap", "runtime_macros", "probe", "clock", "flash_timing")


def place(part, machine):
    """The `Board` of part's firmware on machine; `BaremetalError` if its memory is too small."""
    if (machine.toolchain, machine.cpu) != (part.toolchain, part.cpu):
        raise BaremetalError(
            f"board file {part.path}: stand_in '{machine.name}' has another core: {machine.cpu}, not {part.cpu}. Choose one of the same."
        )
    return replace(
        machine,
        name=f"{part.name}@{machine.name}",
        description=f"{part.description}; on {machine.name}",
        memory=_memory(part, machine),
        part=part,
        **{key: getattr(part, key) for key in _KEPT},
    )


def place_core(core, machine):
    """The `Board` that runs what is made for core, a core by itself: machine's memory and code, compiled for core."""
    kept = {key: getattr(core, key) for key in _CORE}
    kept |= {"clock": 0, "flash_timing": None}  # the machine's
    return replace(
        machine, name=f"{core.name}@{machine.name}", description=f"{core.description}; on {machine.name}", part=core, **kept
    )


def _memory(part, machine):
    """The part's regions, of their sizes: one after the other in the machine's code and data."""
    placed, free = {}, {False: machine.flash[1], True: machine.ram[1]}
    for name, region in part.memory.items():
        room = free["w" in region.access]
        if region.length > room.length:
            raise BaremetalError(
                f"board file {part.path}: stand_in '{machine.name}' has no room for {name} "
                f"({region.length:,} bytes; {room.length:,} are left). Choose one with more memory."
            )
        placed[name] = Region(room.origin, region.length, region.access)
        free["w" in region.access] = Region(room.origin + region.length, room.length - region.length)
    return placed
