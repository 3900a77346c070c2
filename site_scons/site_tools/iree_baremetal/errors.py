"""The one exception of the plain modules: what is wrong, where, and what to do."""


class BaremetalError(Exception):
    """A mistake that the user can mend.

    The message names what is wrong, where, and the mend. The SCons side turns it into a
    ``UserError``, the command-line modules into one line on stderr and exit code 2.
    """


class ToolError(BaremetalError):
    """A tool failed; the text is its own."""


class FirmwareError(BaremetalError):
    """A program on the board went wrong: it never ended, broke off, or answered what it must not."""
