"""iree-compile: where it is, which version, and the flags a board asks for."""

import functools
import importlib.metadata
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .. import packages
from ..errors import BaremetalError

PACKAGE = "iree-base-compiler"
PINNED = "3.13.0"  # what the project is tested with first

# Upstream's guide "Running on a bare-metal platform", section "Compile the model for bare-metal".
GUIDE_FLAGS = (
    "--iree-stream-partitioning-favor=min-peak-memory",
    "--iree-hal-target-device=local",
    "--iree-hal-local-target-device-backends=llvm-cpu",
    "--iree-llvmcpu-debug-symbols=false",
    # Not the guide's: by default IREE narrows doubles to floats, while callers hand over doubles.
    "--iree-input-demote-f64-to-f32=false",
)

# A static library instead of code inside the .vmfb.
STATIC_FLAGS = ("--iree-llvmcpu-link-embedded=false", "--iree-llvmcpu-link-static")

# The host program as straight-line code on real buffers, with the places of the model in it.
HOST_PROGRAM_FLAGS = (
    "--compile-from=stream",
    "--compile-to=hal",
    "--iree-hal-memoization=false",
    "--iree-hal-indirect-command-buffers=false",
    "--emit-mlir-bytecode",
)


# For these LLVM pipelines loops in software, and gets some wrong: the last turn of a loop that
# advances a pointer stores where the turn before it did.
_PIPELINED = ("cortex-m7", "cortex-m85")


def target_flags(board):
    """The flags that tell iree-compile of the board's core."""
    if board.is_host:
        return ["--iree-llvmcpu-target-cpu=generic"]
    values = (
        ("triple", board.triple),
        ("cpu", board.cpu),
        ("cpu-features", board.cpu_features),
        # LLVM asks only how floats are passed; whether there is an FPU, its features tell.
        ("float-abi", board.float_abi.replace("softfp", "soft")),
        ("abi", board.abi),
    )
    flags = [f"--iree-llvmcpu-target-{name}={value}" for name, value in values if value]
    return flags + ["--enable-pipeliner=false"] if board.cpu in _PIPELINED else flags


_TARGET = {name: re.compile(rf"--iree-llvmcpu-target-{name}=(\S*)") for name in ("triple", "cpu-features")}


def has_wrong_extremes(triple, features):
    """Whether LLVM is wrong in extremes of small integers for such a core: see `extremes`."""
    return triple.startswith("riscv") and not re.search(r"\+(v|zve)", features)


def is_to_be_mended(flags):
    """Whether what iree-compile makes with flags, as text, is to be compiled by `lowering.compile_mended`."""
    triple, features = (",".join(pattern.findall(flags)) for pattern in _TARGET.values())
    return has_wrong_extremes(triple, features) or "device-backends=vmvx" in flags


def reference_flags():
    """Flags for the host's reference: with this machine's linker, where it has one, C's functions of doubles are found."""
    return ["--iree-llvmcpu-link-embedded=false"] if shutil.which("ld") else []


def find(name="iree-compile", path=None):
    """The absolute path of an IREE tool: on path (default: PATH), or beside this interpreter."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=path) or shutil.which(name, path=beside)
    if not found:
        raise BaremetalError(f"{name} not found. Install it: {packages.install(f'{PACKAGE}=={PINNED}')} (or set IREE_COMPILE).")
    return str(Path(found).absolute())


def python(iree_compile):
    """The interpreter that iree-compile was installed for: its bindings read what it writes."""
    beside = Path(iree_compile).parent / "python3"
    return str(beside) if beside.exists() else sys.executable


def version(iree_compile):
    """The version of the package that iree-compile belongs to, or "unknown".

    From the installed package's metadata: the launcher itself says nothing, and asking it takes
    longer than a null build.
    """
    return package_version(iree_compile, PACKAGE)


@functools.cache
def package_version(iree_compile, package):
    """The version of a package in the Python environment of iree-compile, or "unknown"."""
    tool = Path(iree_compile)
    for folder in sorted((tool.parent.parent / "lib").glob("python3*/site-packages")):
        for found in importlib.metadata.distributions(name=package, path=[str(folder)]):
            return found.version
    try:
        if tool.parent == Path(sys.executable).parent:
            return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        pass
    return "unknown"


def commit(iree_compile):
    """The commit of IREE that iree-compile was built of, as it says itself; `BaremetalError` where it does not."""
    try:
        said = subprocess.run([iree_compile, "--version"], capture_output=True, text=True).stdout
    except OSError as error:
        raise BaremetalError(f"{iree_compile}: {error.strerror}.") from error
    found = re.search(r"IREE compiler version .*@ ([0-9a-f]{40})\b", said)
    if not found:
        raise BaremetalError(
            f"{iree_compile} does not name the commit of IREE that it was built of. Name its source tree with iree_source=DIR."
        )
    return found[1]


# LLVM says so of every core whose features follow from its name alone; they do.
_HARMLESS = "Resolution of CPU to CPU-features is not implemented"
_HEADING = re.compile(r"^(\S.*?:\d+:\d+|<unknown>:\d+|loc\(.*?\)|\S+): (error|warning|remark|note): ")


_CARET = re.compile(r"^\s*\^\s*$")  # under a line of the model


def diagnostics(text):
    """iree-compile's messages without those that mean nothing."""
    lines, kept, keep = text.splitlines(), [], True
    for line, following in zip(lines, [*lines[1:], ""]):
        heading = _HEADING.match(line)
        if line.startswith(_HARMLESS):
            continue
        if heading and heading[2] != "note":
            keep = _HARMLESS not in line
        elif line.strip() and not heading and not (_CARET.match(line) or _CARET.match(following)):
            keep = True  # no more of that message
        if keep:
            kept.append(line)
    return "\n".join(kept).strip()


_DUMP = re.compile("PLEASE submit a bug report|Please report issues|Stack dump:")  # what LLVM writes as it crashes
_STOPPED = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")  # by somebody


def crash(tool, status, messages):
    """What to say of a tool that crashed or was killed: its last words, not its stack; "" where it was neither."""
    dump = _DUMP.search(messages)
    if status >= 0 and not dump:
        return ""
    how = signal.Signals(-status).name if -status in set(signal.Signals) else f"exit code {status}"
    if how in _STOPPED:
        heading = f"{Path(tool).name} was killed by {how}. Build again; if it happens again, is there memory enough?"
    else:
        heading = f"{Path(tool).name} crashed ({how}), a defect of its own: try another version, or report it to its makers."
    return "\n".join([heading, *messages[: dump.start() if dump else None].splitlines()[-5:]])


def exists(tool):
    """Whether tool is a program, by path or on PATH."""
    return shutil.which(tool) is not None


_UNSUPPORTED = re.compile(r'torch\.operator[^"]*"onnx\.(\w+)"|name = "onnx\.(\w+)"')


def failure(text, nodes=None):
    """Why iree-compile failed, in few lines: its errors, without the notes that dump whole modules.

    nodes: {ONNX operator: names of its nodes} of the model, to name what the importer lacks.
    """
    lines, keep = [], False
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            keep = heading[2] == "error"
        if keep or line.startswith("iree_baremetal: "):  # our own, after warnings of the compiler
            lines.append(line)
    lines = lines or text.splitlines()
    errors = "\n".join(lines)
    lines = [line if len(line) < 300 else f"{line[:300]}…" for line in lines[:8]]
    found = _UNSUPPORTED.search(errors)
    if found:
        operator = found[1] or found[2]
        names = ", ".join(f"'{name}'" for name in (nodes or {}).get(operator, [])[:5])
        what = "has no lowering for" if "failed to legalize operation 'torch." in errors else "cannot compile"
        lines.insert(0, f"IREE {what} the ONNX operator {operator}{names and ', node ' + names}.")
    return "\n".join(lines)
