"""IreeRuntime: IREE's runtime from a source tree, as one archive for the board and the deployment.

    archive = env.IreeRuntime()

The tree is that of IREE_SOURCE, of the environment variable IREE_SOURCE_DIR, or the one that
``scons fetch-iree`` put into the user's cache; it is only read. IREE_RUNTIME_OPTIONS holds choices
under upstream's names (runtime/options.py), IREE_RUNTIME_SMALLEST turns optional features off, and
IREE_RUNTIME_DIR is where it is built. The node has the `recipe.Recipe` as its attribute.
"""

import os

import SCons.Errors
from SCons.Subst import Literal

from .. import compiler
from ..errors import BaremetalError
from ..runtime import deployments, fetch, generated, recipe, source_tree
from .action import message_action, tool_action
from .compile import require_compiler
from .paths import DIRECT, INTERFACE, SUPPORT


def _recipe(env):
    """The recipe, or a UserError."""
    try:
        root = source_tree.find(env.subst("$IREE_SOURCE"), env.subst("$IREE_COMPILE_VERSION"), env["ENV"] | dict(os.environ))
        deployment = deployments.get(env["IREE_DEPLOY"])
        choices = dict(env["IREE_RUNTIME_OPTIONS"])
        return recipe.make(env["IREE_BOARD_DATA"], deployment, root, choices, smallest=env["IREE_RUNTIME_SMALLEST"])
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error


def _write(target, source, env):
    with open(target[0].get_abspath(), "w") as stream:
        stream.write(source[0].get_text_contents())


def _generate(env, made, folder):
    """The headers and tables that upstream's build generates."""
    try:
        steps = made.steps(folder.get_abspath(), generated.find_flatcc())
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    nodes = []
    for step in steps:
        command = [Literal(str(word)) for word in step.command]
        nodes += env.Command(
            [str(path) for path in step.outputs],
            [str(path) for path in step.inputs],
            tool_action("IREE_GENERATECOM"),
            IREE_GENERATECOM=command,
            ENV={**env["ENV"], "PYTHONDONTWRITEBYTECODE": "1"},
        )
    return nodes


def _includes(flag, archive):
    """The paths of upstream's headers as flags, which no scanner reads.

    It would look for the same two hundred headers in each of more than a hundred sources. Everything
    depends on all headers instead: see `_depend`.
    """
    folder = archive.dir.Dir("generated").get_abspath()
    words = [word for path in archive.attributes.recipe.includes(folder) for word in (flag, Literal(str(path)))]
    return ["$(", *words, "$)"]  # where they are decides nothing


def _depend(env, nodes, archive):
    """Lets nodes be compiled again when any header does change."""
    env.Depends(nodes, [archive.attributes.header, archive.attributes.headers, *archive.attributes.generated])


def objects(env, archive, sources):
    """Objects of (target, source) pairs of our own code that uses the runtime."""
    # As system headers, upstream's do not warn.
    more = {
        "CCFLAGS": [*env.Flatten(env["CCFLAGS"]), "-include", archive.attributes.header, *_includes("-isystem", archive)],
        "CPPPATH": [*env.Flatten(env["CPPPATH"]), *map(env.Dir, (os.path.join(SUPPORT, "runtime"), DIRECT, INTERFACE, SUPPORT))],
    }
    nodes = [node for target, source in sources for node in env.Object(target, source, **more)]
    _depend(env, nodes, archive)
    return nodes


def _require_same(archive, wanted):
    """A UserError where the archive was asked for with other variables before."""
    for name, value in archive.attributes.wanted.items():
        if value != wanted[name]:
            raise SCons.Errors.UserError(
                f"IreeRuntime: {archive} is for {name}={value}, and cannot be for {wanted[name]}, too. "
                "Give one of the environments another IREE_RUNTIME_DIR."
            )


def iree_runtime(env):
    """The pseudo-builder env.IreeRuntime(). See the module."""
    require_compiler(env)
    kind = f"{env['IREE_DEPLOY']}-smallest" if env["IREE_RUNTIME_SMALLEST"] else env["IREE_DEPLOY"]
    folder = env.Dir(env.subst("$IREE_RUNTIME_DIR")).Dir(kind)
    archive = folder.File("libiree_runtime.a")
    wanted = {name: env.subst(f"${name}") for name in ("IREE_BOARD", "IREE_SOURCE", "IREE_COMPILE_VERSION")}
    wanted["IREE_RUNTIME_OPTIONS"] = dict(env["IREE_RUNTIME_OPTIONS"])
    if archive.has_builder():  # for an earlier model: reading the tree takes longer than all else of a model
        _require_same(archive, wanted)
        return archive
    made = _recipe(env)
    archive.attributes.wanted = wanted
    header = env.Command(folder.File("iree_config.h"), env.Value(made.header), message_action(_write, "script $TARGET"))[0]
    archive.attributes.header = header
    archive.attributes.recipe = made
    archive.attributes.headers = env.Value(made.headers_digest())
    archive.attributes.generated = _generate(env, made, folder.Dir("generated"))
    # Neither the application's macros nor its headers: the configuration header says all.
    own = env.Clone(_CCCOMCOM="$CPPFLAGS", CPPPATH=[])
    own.Append(CCFLAGS=[*made.flags(header), *_includes("-I", archive)])
    compiled = []
    for sources, root in ((made.sources.sources, made.root), (made.sources.generated, folder.Dir("generated").get_abspath())):
        for path, flags in sources.items():
            target = folder.Dir("objects").File(f"{path}.o")
            compiled += own.Object(target, env.File(os.path.join(str(root), str(path))), CCFLAGS=[*own["CCFLAGS"], *flags])
    _depend(env, compiled, archive)
    own.StaticLibrary(archive, compiled)
    return archive


def _fetch(target, source, env):
    require_compiler(env)
    fetch.fetch(env.subst("$IREE_COMPILE_VERSION"), compiler.commit(env.subst("$IREE_COMPILE")))


def add(env):
    """Adds the pseudo-builder and the target fetch-iree to env."""
    env.SetDefault(
        IREE_SOURCE="",
        IREE_RUNTIME_OPTIONS={},
        IREE_RUNTIME_SMALLEST=False,
        IREE_RUNTIME_DIR="#build/$IREE_BOARD/iree_runtime",
    )
    env.AddMethod(iree_runtime, "IreeRuntime")
    env.AlwaysBuild(env.Alias("fetch-iree", [], message_action(_fetch, "fetch IREE")))
