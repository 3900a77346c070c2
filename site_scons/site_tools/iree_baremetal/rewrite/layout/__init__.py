"""How tensors lie in memory, and what is a kernel of its own: edits at the global-optimization phase."""
