"""GDB servers of debug probes, a module each: which boards it knows, how it is started, and what its messages mean.

PROGRAM   what is looked for on PATH; INSTALL: how one comes by it
usable    whether a board's file says enough for it
command   the words that start it for (board, port, serial): the port of GDB and, where it is not "", the probe's
          serial number
READY     a pattern of what it prints when it listens
RESETS    commands of its monitor that reset and halt the core, of which the first that it knows is taken
QUIET     commands that keep it from serving semihosting in our place
FILE_IO   commands that have it hand semihosting's files to GDB
MEANINGS  patterns of its messages, and what to do
"""

from . import jlink, openocd, probe_rs, pyocd

# In the order in which they are tried, by the names that gdb_server= knows.
ALL = {"openocd": openocd, "pyocd": pyocd, "probe-rs": probe_rs, "jlink": jlink}
