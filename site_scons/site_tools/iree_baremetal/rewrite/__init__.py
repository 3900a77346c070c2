"""Rewrites of a program at the flow phase, where iree-compile leaves speed or size on the table."""
