"""What is built for those alone who ask for it: what verify, bench, tune, export and compiledb make, and a plain scons does not."""


def leave_out(env, owner, nodes):
    """Leaves nodes, files or whole folders of ours, out of a build that names no target; -c of owner removes them."""
    for node in env.Flatten(nodes):
        env.Ignore(node.dir, node)
    env.Clean(owner, nodes)
