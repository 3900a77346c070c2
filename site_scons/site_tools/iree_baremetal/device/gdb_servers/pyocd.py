"""pyOCD (`pyocd gdbserver --help`, docs/command_reference.md of its repository)."""

PROGRAM, INSTALL = "pyocd", "pip install pyocd"
READY = r"GDB server (listening|started) (on|at) port"
RESETS = ("reset halt",)
QUIET = ("arm semihosting disable",)
FILE_IO = ("arm semihosting enable",)
MEANINGS = {
    r"[Nn]o (connected|available) debug probes|No probe|Unable to open probe|no probes? matching": (
        "No probe was found: is it plugged in? probe= names one of several by its serial number."
    ),
    r"[Bb]usy|in use|exclusive|Access denied|Permission": "The probe is in use, or may not be opened: end the other debugger, or install pyOCD's udev rules.",
    r"[Tt]arget type .* not recogni[sz]ed": "pyOCD lacks the chip: pyocd pack install, with the name that is said.",
    r"[Pp]rotect|locked|[Ll]ocked|APPROTECT": "The flash is locked or protected: pyocd erase --mass unlocks and erases it.",
    r"No ACK|communication failure|[Tt]ransfer (fault|timeout|error)|SWD/JTAG": (
        "The core does not answer: power it, take it out of low power and reset, or is it another chip than the board's?"
    ),
}


def usable(board):
    return bool(board.probe)


def command(board, port, serial):
    ports = ["--port", str(port), "--telnet-port", "0", "-O", "semihost_use_syscalls=true"]
    return [PROGRAM, "gdbserver", "--no-wait", "--target", board.probe, *ports, *(["--uid", serial] if serial else [])]
