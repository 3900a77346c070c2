"""SEGGER's J-Link ("J-Link User Guide", UM08001, chapter "J-Link GDB Server")."""

PROGRAM, INSTALL = "JLinkGDBServerCLExe", "https://www.segger.com/downloads/jlink"
READY = r"Waiting for GDB connection"
RESETS = ("reset",)  # which halts it, too
QUIET = ("semihosting disable",)
FILE_IO = ()
MEANINGS = {
    r"Connecting to J-Link failed|No J-Link|cannot (find|connect to) .*(J-Link|emulator)|Could not connect to J-Link": (
        "No probe was found: is it plugged in? probe= names one of several by its serial number."
    ),
    r"in use|already open": "The probe is in use: end the other debugger.",
    r"Unknown device|[Dd]evice .*(not|un)known|not in the list": "J-Link lacks the chip that the board's file names, jlink.",
    r"secured|[Pp]rotect|[Ll]ocked": "The flash is locked or protected: J-Link Commander's unlock or erase opens it, and erases it.",
    r"Target voltage: 0|VTref|not powered|Could not connect to target|Cannot connect to target|CPU is not halted|Can not halt": (
        "The core does not answer: power it, take it out of low power and reset, or is it another chip than the board's?"
    ),
}


def usable(board):
    return bool(board.jlink)


def command(board, port, serial):
    ports = ["-port", str(port), "-swoport", str(port + 1), "-telnetport", str(port + 2)]
    chosen = ["-select", f"USB={serial}"] if serial else []
    return [PROGRAM, "-device", board.jlink, "-if", "SWD", *ports, *chosen, "-localhostonly", "1", "-singlerun", "-nogui"]
