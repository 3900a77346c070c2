"""Layers that are computed some rows at a time: what rows a kernel needs, and kernels cut to them, at the flow phase."""
