"""Visual Studio Code's tasks.json, launch.json and c_cpp_properties.json.

Entries go by their names: one that is there stays as it is, whoever wrote it, and so does all else. To
have an entry written anew, remove it.
"""

from pathlib import Path

from .. import files
from ..device import emulator
from ..errors import BaremetalError
from . import jsonc

FOLDER = "${workspaceFolder}"
_GROUPS = {"build": "build", "verify": "test"}

_PLACE = {"owner": "scons", "fileLocation": ["autoDetect", FOLDER]}

# The build prints paths from the project's folder, and absolute ones outside it.
MATCHERS = [
    {
        **_PLACE,
        "source": "gcc",
        "pattern": {
            "regexp": r"^(.+?):(\d+):(?:(\d+):)?\s+(?:fatal\s+)?(warning|error|note):\s+(.*)$",
            "file": 1,
            "line": 2,
            "column": 3,
            "severity": 4,
            "message": 5,
        },
    },
    {  # "…/ld: main.o: in function `main':" has come before; newer ones name the section, "main.c:20:(.text.main+0x6): "
        **_PLACE,
        "source": "ld",
        "severity": "error",
        "pattern": {
            "regexp": r"^(?:.*\bld(?:\.\w+)?: )?(?:[^:]+\.o:)?(.+?):(\d+):(?:\(.+?\):)? ((?:undefined|multiple|relocation|more undefined) .*)$",
            "file": 1,
            "line": 2,
            "message": 3,
        },
    },
    {  # of a target: what does not fit, what cannot be found; "run:" and the like come with aliases
        **_PLACE,
        "source": "scons",
        "severity": "error",
        "pattern": {"kind": "file", "regexp": r"^scons: \*\*\* \[(?:\w+:)?(.+?)\] (.*)$", "file": 1, "message": 2},
    },
    {  # of a script, which the next line names
        **_PLACE,
        "source": "scons",
        "severity": "error",
        "pattern": [
            {"regexp": r"^scons: \*\*\* (?!\[)(.+)$", "message": 1},
            {"regexp": r'^File "(.+)", line (\d+), in .*$', "file": 1, "line": 2},
        ],
    },
]


def tasks(project):
    """A task for each verb of project."""
    found = []
    for verb, targets in project.targets:
        program, *words = project.command(FOLDER)
        task = {"label": project.label(verb), "type": "process", "command": program}
        task["args"] = [*words, *project.arguments, *targets]
        if verb in _GROUPS:
            task["group"] = _GROUPS[verb]
        found.append({**task, "problemMatcher": MATCHERS})
    return found


def launches(project):
    """Debug sessions: in the emulator, and on the board by each GDB server for which there is a name."""
    board = project.board
    if board.is_host:
        host = {"type": "cppdbg", "request": "launch", "program": f"{FOLDER}/{project.elf}", "MIMode": "gdb", "stopAtEntry": True}
        return [{"name": project.elf, **host, "cwd": FOLDER, "preLaunchTask": project.label("build")}]
    found = []
    if project.emulated:
        qemu = project.emulated.emulator
        how = {"servertype": "qemu", "serverpath": f"qemu-system-{qemu.system}", "machine": qemu.machine}
        how |= {
            "cpu": qemu.cpu or board.cpu,
            "serverArgs": emulator.devices(project.emulated, f"{FOLDER}/{project.emulated_elf}"),
        }
        found.append(_cortex_debug(project, project.emulated_elf, "in QEMU", how))
    if board.openocd:
        how = {"servertype": "openocd", "configFiles": list(board.openocd)}
        found.append(_cortex_debug(project, project.elf, f"on {board.name}, by OpenOCD", how))
    if board.probe:
        found.append(
            _cortex_debug(project, project.elf, f"on {board.name}, by pyOCD", {"servertype": "pyocd", "targetId": board.probe})
        )
    return found


def _cortex_debug(project, elf, where, how):
    return {
        "name": f"{elf} {where}",
        "type": "cortex-debug",
        "request": "launch",
        **how,
        "cwd": FOLDER,
        "executable": f"{FOLDER}/{elf}",
        "gdbPath": project.gdb,
        "runToEntryPoint": "main",
        "preLaunchTask": project.label("build"),
    }


def properties(project):
    """The configuration of the C/C++ extension: all it needs is in the compilation database."""
    return [{"name": project.board.name, "compileCommands": f"{FOLDER}/{project.database}", "cStandard": "gnu11"}]


def _read(path, name):
    """The text of the file, line ends and all; None where there is none."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BaremetalError(
            f"{name}: not UTF-8: {error.reason}. Mend it, or remove the file to have it written anew."
        ) from error


def write(folder, project):
    """Adds what project needs to the files in folder/.vscode; the names of those that it changed."""
    documents = {
        "tasks.json": ({"version": "2.0.0"}, "tasks", "label", tasks(project)),
        "launch.json": ({"version": "0.2.0"}, "configurations", "name", launches(project)),
        "c_cpp_properties.json": ({"version": 4}, "configurations", "name", properties(project)),
    }
    before, after = {}, {}
    for name, (fixed, key, identity, entries) in documents.items():
        path = Path(folder, ".vscode", name)
        shown = f".vscode/{name}"
        before[path] = _read(path, shown)
        after[path] = (
            jsonc.new(fixed, key, entries) if before[path] is None else jsonc.add(before[path], key, identity, entries, shown)
        )
    changed = [path for path in after if after[path] != before[path]]  # none, where one cannot be read
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        files.replace(path, after[path].encode())
    return [f".vscode/{path.name}" for path in changed]
