"""The host program of a static-shape model as data.

`evaluate` runs the host program that ``iree-compile --compile-to=hal`` leaves, once, with symbolic
buffers, and records what it does; `model` holds the result; `arena` places its transient buffers.
"""
