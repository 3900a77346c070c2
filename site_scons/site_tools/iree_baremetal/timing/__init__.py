"""Cycles, estimated: executions of each instruction by the timing table of the core.

`cores` holds the tables, one file a core, each with its source; `code` reads instructions out of an
ELF; `estimate` brings them together with what `device.executions` counted.
"""
