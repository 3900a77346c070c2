"""probe-rs (`probe-rs gdb --help`)."""

PROGRAM, INSTALL = "probe-rs", "https://probe.rs"
READY = r"GDB stub at"
RESETS = ("reset halt", "reset")
QUIET, FILE_IO = (), ()
MEANINGS = {
    r"[Nn]o (connected )?probes? (was|were)? ?found|No debug probe|could not be found": (
        "No probe was found: is it plugged in? probe= names one of several, as probe-rs list does."
    ),
    r"[Bb]usy|in use|Access denied|[Pp]ermission|could not be opened": "The probe is in use, or may not be opened: end the other debugger, or install probe-rs's udev rules.",
    r"chip .*not found|[Uu]nknown chip": "probe-rs lacks the chip that the board's file names, probe: probe-rs chip list.",
    r"[Pp]rotect|[Ll]ocked|APPROTECT|erase_all": "The flash is locked or protected: probe-rs erase --allow-erase-all unlocks and erases it.",
    r"did not respond|[Tt]imeout|Target device|Failed to attach|ARM specific error": (
        "The core does not answer: power it, take it out of low power and reset, or is it another chip than the board's?"
    ),
}


def usable(board):
    return bool(board.probe)


def command(board, port, serial):
    where = ["--gdb-connection-string", f"127.0.0.1:{port}"]
    return [PROGRAM, "gdb", "--chip", board.probe, *where, "--reset-halt", *(["--probe", serial] if serial else [])]
