"""IREE's own runtime from a source tree, configured for a board: plain Python, no SCons.

`source_tree` finds the tree and `fetch` gets one; `options` configures; `libraries` follows the
tree's build files, which `cmake` evaluates, to what must be compiled; `generated` and
`config_header` make what is not in the tree; `deployments` says what each deployment needs of all
that; `artifact` and `versions` compare a compiled model with the tree before anything is linked.
"""
