"""FindSourceFiles(folder, ignore): all sources below; their objects in $BUILD."""

import os


def find(env, folder, ignore):
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if os.path.relpath(os.path.join(root, name), folder) not in ignore]
        found += [os.path.join(root, name) for name in sorted(files) if name.endswith((".c", ".cpp", ".S"))]
    return found


def to_build(target, source, env):
    paths = [node.get_abspath() for node in target]
    top = env.Dir("#").get_abspath()
    moved = [p if p.startswith(env["BUILD"]) else os.path.join(env["BUILD"], os.path.relpath(p, top)) for p in paths]
    return [env.File(path) for path in moved], source


def generate(env):
    env.AddMethod(find, "FindSourceFiles")
    for suffix in (".c", ".cpp", ".S"):
        env["BUILDERS"]["Object"].add_emitter(suffix, to_build)


def exists(env):
    return True
