"""A vendor's board support from the user's disk in place of ours: startup, system files, linker script.

``bsp=`` names one of three things:

- the folder of a CMSIS device family, as vendors' packs and SDKs have it: ``startup_<device>.s``
  (``.S``, ``.c``), ``system_<family>.c``, headers, perhaps linker scripts, at any depth. The
  board's ``device["cmsis"]`` says which device, ``device["define"]`` the macro of its headers;
- the folder of libopencm3, built: ``include/libopencm3``, ``lib/libopencm3_<target>.a``. The
  board's ``device["libopencm3"]`` is the target. Its memory it leaves to the user: our script;
- a .py file of assignments for anything else: ``root`` (a folder; the file's own without it),
  ``sources``, ``include``, ``libraries``, ``linker_script``, relative to root, and ``defines``,
  ``entry``, ``link_flags`` as in a board file.

Our console, counter, exit and fault handlers stay; start_bsp.c stands between the vendor's startup and main.
"""

import dataclasses
import re
from pathlib import Path

from ..errors import BaremetalError
from . import assignments, check, cores
from .data import Board

_FIELDS = ("sources", "include", "libraries", "linker_script", "defines", "entry", "link_flags")


def apply(board, where):
    """The board on the vendor's support that where, a path, names; `BaremetalError` if it cannot."""
    if board.is_host or board.vmfb_only:
        raise BaremetalError(f"bsp={where}: board {board.name} runs no firmware; bsp= is for boards that do.")
    where = Path(where).resolve()
    if not where.exists():
        raise BaremetalError(f"bsp={where}: there is no such folder or file.")
    if where.is_file():
        found = _from_file(where)
    elif (where / "include" / "libopencm3").is_dir():
        found = _libopencm3(where, board)
    else:
        found = _cmsis(where, board)
    code = board.flash[1]
    ours = {
        "BOARD_STACK": f"{board.stack}u",
        "BOARD_VECTOR_TABLE": f"{board.vector_address:#x}u",
        "BOARD_FLASH": f"{code.origin:#x}u",
        "BOARD_FLASH_END": f"{code.end:#x}u",
    }
    # Of two weak handlers the first is linked: ours, as the vendors' only loop.
    faults = ("fault_cortex_m.c", "fault.c") if board.cpu in cores.ARM else ()
    return dataclasses.replace(
        board,
        startup=(*faults, *found.get("sources", ()), "start_bsp.c"),
        include=(*board.include, *found.get("include", ())),
        defines={**board.defines, **found.get("defines", {}), **ours},
        linker_script=found.get("linker_script", ""),
        libraries=(*board.libraries, *found.get("libraries", ())),
        entry=found.get("entry", "Reset_Handler"),
        # The vendor's startup calls main: it comes to start_bsp.c first.
        link_flags=(*board.link_flags, *found.get("link_flags", ()), "-Wl,--wrap=main"),
    )


def _device(board, kind, where):
    name = board.device.get(kind)
    if not name:
        raise BaremetalError(
            f"bsp={where}: which device is board {board.name} there? Its file says nothing: add "
            f'device = {{"{kind}": …}} to {board.path}, as in boards/stm32f4.py.'
        )
    return name


def _libopencm3(where, board):
    target = _device(board, "libopencm3", where)
    archive = where / "lib" / f"libopencm3_{target}.a"
    if not archive.is_file():
        raise BaremetalError(f"bsp={where}: no {archive}. Build it: make -C {where} TARGETS={re.sub(r'(?<=stm32)', '/', target)}")
    return {
        "include": [str(where / "include")],
        "defines": {target.upper(): "1"},
        "libraries": [str(archive)],
        "entry": "reset_handler",
        "link_flags": ["-Wl,--undefined=vector_table"],  # nothing but the core refers to it
    }


def _pattern(name):
    """Matches name; in "stm32f407xx" an x stands for any character, as vendors mean it."""
    return re.escape(name.lower()).replace("x", "[a-z0-9]")


def _cmsis(where, board):
    device = _device(board, "cmsis", where)
    files = sorted(path for path in where.rglob("*") if path.suffix in (".s", ".S", ".c", ".h", ".ld"))
    # Of the same name there are files for other assemblers, in folders arm and iar.
    ours = [p for p in files if not {"arm", "iar"} & {part.lower() for part in p.relative_to(where).parts}]
    startup = _one(ours, rf"(gcc_)?startup_{_pattern(device)}\.(s|c)", f"startup_{device}.s", where)
    system = _one(ours, rf"system_({_prefixes(device)})\.c", f"system_{device}.c or of its family", where, startup)
    header = _one(files, rf"({_prefixes(device)})\.h", f"{device}.h or of its family", where, system)
    core = [path.parent for path in files if re.fullmatch(r"core_cm\w+\.h", path.name)][:1]
    script = _matches(ours, rf"{_pattern(device)}.*\.ld", startup)
    script = [s for s in script if "ram" not in s.stem.lower()] or script  # not those that run from RAM
    define = board.device.get("define")
    return {
        "sources": [str(startup), str(system)],
        "include": [str(folder) for folder in dict.fromkeys([header.parent, *core])],
        "defines": {define: "1"} if define else {},
        "linker_script": str(script[0]) if script else "",
        # Scripts include others that lie beside them.
        "link_flags": [f"-L{script[0].parent}"] if script else [],
    }


def _prefixes(device):
    """A pattern for device and the families it may be of: stm32f407xx, stm32f4xx, nrf52, …"""
    names = [device[:length] for length in range(len(device), 4, -1)]
    return "|".join([_pattern(device), *(f"{re.escape(name)}x*" for name in names)])


def _matches(files, pattern, near=None):
    """The files whose name pattern matches, those in the folder of near first, then the longest name."""
    found = [path for path in files if re.fullmatch(pattern, path.name, re.IGNORECASE)]
    return sorted(found, key=lambda path: (near is not None and path.parent != near.parent, -len(path.name), path))


def _one(files, pattern, what, where, near=None):
    found = _matches(files, pattern, near)
    if not found:
        raise BaremetalError(f"bsp={where}: no {what} in it. Is it the folder of the device's family? (docs/bsp.md)")
    return found[0]


def _from_file(path):
    found = assignments.read(path, f"bsp={path}")
    root = found.pop("root", "")
    unknown = sorted(set(found) - set(_FIELDS))
    if unknown:
        raise BaremetalError(f"bsp={path}: unknown field '{unknown[0]}'. Fields: root, {', '.join(_FIELDS)}.")
    kinds = {f.name: f for f in dataclasses.fields(Board)}
    mistake = check.types({"root": root, **found}, {**kinds, "root": kinds["linker_script"]})
    if mistake:
        raise BaremetalError(f"bsp={path}: {mistake}.")
    root = path.parent / root
    for key in ("sources", "include", "libraries"):
        found[key] = [str(root / name) for name in found.get(key, ())]
    if found.get("linker_script"):
        found["linker_script"] = str(root / found["linker_script"])
    named = [*found["sources"], *found["include"], *found["libraries"], *filter(None, [found.get("linker_script")])]
    missing = next((name for name in named if not Path(name).exists()), None)
    if missing:
        raise BaremetalError(f"bsp={path}: it names {missing}, which is not there.")
    return found
