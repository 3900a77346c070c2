"""OpenOCD ("OpenOCD User's Guide", chapters "Server Configuration" and "Debug Adapter Configuration")."""

PROGRAM, INSTALL = "openocd", "sudo apt-get install openocd"
READY = r"Listening on port \d+ for gdb connections"
RESETS = ("reset halt",)
QUIET = ("arm semihosting disable",)
FILE_IO = ("arm semihosting enable", "arm semihosting_fileio enable")
MEANINGS = {
    r"LIBUSB_ERROR_BUSY|claim interface|already in use": "The probe is in use: end the other debugger or serial monitor.",
    r"LIBUSB_ERROR_ACCESS|Permission denied": "The probe may not be opened: install OpenOCD's udev rules, or join the group that owns it.",
    r"open failed|No J-Link device found|unable to (find|open) (a matching )?(CMSIS-DAP|ftdi)|no device found": (
        "No probe was found: is it plugged in? probe= names one of several by its serial number."
    ),
    r"UNEXPECTED idcode|expected \d+ of \d+|Cannot identify target|Could not verify .*ID|Identification failed": (
        "The chip is another than the board's: choose the board= that is connected."
    ),
    r"[Pp]rotect|Security Bit|locked|[Rr]eadout|APPROTECT": (
        "The flash is locked or protected: unlock it with the vendor's tool, which erases it."
    ),
    r"target voltage may be too low|connecting DP|unable to connect to the target|init mode failed|not halted|timed out while waiting": (
        "The core does not answer: power it, take it out of low power and reset, or hold reset while it connects."
    ),
}


def usable(board):
    return bool(board.openocd)


def command(board, port, serial):
    words = [word for file in board.openocd for word in ("-f", file)]
    before = [f"gdb_port {port}", "tcl_port disabled", "telnet_port disabled", *([f"adapter serial {serial}"] if serial else [])]
    return [PROGRAM, *words, *(word for line in before for word in ("-c", line))]
