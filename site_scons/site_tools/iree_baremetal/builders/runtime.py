"""IreeRuntime: IREE's runtime from a source tree, for the board and the deployment.

    env.IreeFirmware("own", ["main.c", env.IreeRuntime()])

What it returns is a list of nodes to link, and has as attributes: archive, libiree_runtime.a, upstream's code alone;
support, the objects beneath it that upstream leaves to the platform (allocator, heap, time, proactor, C library: leave out
those that are replaced), and support_library, a static library of them; include, the folders of headers; header,
iree_config.h, which is to be included everywhere first; generated, headers made by upstream's generators; tree, the folder
of upstream's sources, and architecture, its name for the board's. What env compiles from then on has those headers and waits for
them. libraries=["iree::runtime"] are further libraries of upstream's by their names of CMake; IREE_RUNTIME_LIBRARIES holds them.

The tree is that of IREE_SOURCE, of the environment variable IREE_SOURCE_DIR, or the one that
``scons fetch-iree`` put into the user's cache; it is only read. IREE_RUNTIME_OPTIONS holds choices
under upstream's names (runtime/options.py), IREE_RUNTIME_SMALLEST turns optional features off, and
IREE_RUNTIME_DIR is where it is built. IREE_DEPLOY chooses the loader; `direct`, which has none, stands for `static`.
"""

import copy
import os

import SCons.Builder
import SCons.Errors
import SCons.Util
from SCons.Subst import Literal

from .. import compiler
from ..errors import BaremetalError
from ..runtime import deployments, fetch, generated, recipe, source_tree
from .action import message_action, tool_action
from .compile import require_compiler
from .paths import DIRECT, INTERFACE, SUPPORT


def _deployment(env):
    return "static" if env["IREE_DEPLOY"] == "direct" else env["IREE_DEPLOY"]


def _recipe(env):
    """The recipe, or a UserError."""
    try:
        root = source_tree.find(env.subst("$IREE_SOURCE"), env.subst("$IREE_COMPILE_VERSION"), env["ENV"] | dict(os.environ))
        deployment = deployments.get(_deployment(env))
        choices = dict(env["IREE_RUNTIME_OPTIONS"])
        smallest, more = env["IREE_RUNTIME_SMALLEST"], env.Split(env["IREE_RUNTIME_LIBRARIES"])
        return recipe.make(env["IREE_BOARD_DATA"], deployment, root, choices, smallest, more)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error


def _write(target, source, env):
    with open(target[0].get_abspath(), "w") as stream:
        stream.write(source[0].get_text_contents())


def _generate(env, made, folder):
    """The headers and tables that upstream's build generates."""
    try:
        steps = made.steps(folder.get_abspath(), generated.find_tool(generated.FLATCC))
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


def _compiler(env):
    """The node of env's C compiler, in a list; an empty one where it is not found."""
    found = env.WhereIs(str(env.subst_list("$CC")[0][0]))
    return [env.File(found)] if found else []


class Runtime(SCons.Util.NodeList):
    """The nodes to link, and: archive, support, include, header, generated, support_library. See the module."""

    @property
    def support_library(self):
        """The node of a static library of the support objects, made for the first who asks."""
        library = self.archive.dir.File("libiree_support.a")
        if not library.has_builder():
            self.env.StaticLibrary(library, list(self.support))
        return library


def use(env, archive):
    """Lets env compile code that uses the runtime: upstream's headers, as the archive was configured."""
    # As system headers, upstream's do not warn.
    env["CCFLAGS"] = [*env.Flatten(env["CCFLAGS"]), "-include", archive.attributes.header, *_includes("-isystem", archive)]
    for name in ("StaticObject", "SharedObject", "Object"):
        env["BUILDERS"][name] = _depending(env["BUILDERS"][name], archive)


def _depending(builder, archive):
    """builder, whose targets are made again when any of the runtime's headers changes."""

    def emit(target, source, env):
        target, source = builder.emitter(target=target, source=source, env=env)
        _depend(env, target, archive)
        return target, source

    is_composite = isinstance(builder, SCons.Builder.CompositeBuilder)
    single = copy.copy(builder.builder if is_composite else builder)
    single.emitter = emit
    return SCons.Builder.CompositeBuilder(single, builder.cmdgen) if is_composite else single


def objects(env, archive, sources):
    """Objects of (target, source) pairs of our own code that uses the runtime."""
    own = env.Clone()
    use(own, archive)
    own.Append(CPPPATH=[*map(own.Dir, (os.path.join(SUPPORT, "runtime"), DIRECT, INTERFACE, SUPPORT))])
    return [node for target, source in sources for node in own.Object(target, source)]


def glue(env, archive, folder, files):
    """Objects below folder of files of support/runtime."""
    path = os.path.join(SUPPORT, "runtime")
    return objects(
        env, archive, [(folder.File(f"{os.path.splitext(file)[0]}.o"), env.File(os.path.join(path, file))) for file in files]
    )


def _require_same(archive, wanted):
    """A UserError where the archive was asked for with other variables before."""
    for name, value in archive.attributes.wanted.items():
        if value != wanted[name]:
            raise SCons.Errors.UserError(
                f"IreeRuntime: {archive} is for {name}={value}, and cannot be for {wanted[name]}, too. "
                "Give one of the environments another IREE_RUNTIME_DIR."
            )


def runtime_archive(env):
    """The node of libiree_runtime.a; its attributes: recipe, header, headers, generated, support."""
    require_compiler(env)
    deploy = _deployment(env)
    kind = f"{deploy}-smallest" if env["IREE_RUNTIME_SMALLEST"] else deploy
    folder = env.Dir(env.subst("$IREE_RUNTIME_DIR")).Dir(kind)
    archive = folder.File("libiree_runtime.a")
    wanted = {name: env.subst(f"${name}") for name in ("IREE_BOARD", "IREE_SOURCE", "IREE_COMPILE_VERSION")}
    wanted["IREE_RUNTIME_LIBRARIES"] = env.Split(env["IREE_RUNTIME_LIBRARIES"])
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
    # Neither the application's macros nor its headers: the configuration header says all, and the board may have a pthread.h.
    board = [env.Dir(str(path)) for path in env["IREE_BOARD_DATA"].include_paths[1:]]  # after ours
    common = "$CPPFLAGS $_CPPINCFLAGS" if board else "$CPPFLAGS"
    own = env.Clone(_CCCOMCOM=common, CPPPATH=board, ENV=dict(env["ENV"]), IMPLICIT_COMMAND_DEPENDENCIES=False)
    own.Append(CCFLAGS=[*made.flags(header), *_includes("-I", archive)])
    compiled = []
    for sources, root in ((made.sources.sources, made.root), (made.sources.generated, folder.Dir("generated").get_abspath())):
        for path, flags in sources.items():
            target = folder.Dir("objects").File(f"{path}.o")
            own_flags = {"CCFLAGS": [*own["CCFLAGS"], *flags]} if flags else {}
            compiled += own.Object(target, env.File(os.path.join(str(root), str(path))), **own_flags)
    _depend(env, compiled, archive)
    env.Depends(compiled, _compiler(own))  # the same for all; SCons would look in each command
    env.StaticLibrary(archive, compiled)
    archive.attributes.support = glue(
        env, archive, folder.Dir("support"), deployments.get(deploy).support(env["IREE_BOARD_DATA"])
    )
    return archive


def iree_runtime(env, libraries=()):
    """The pseudo-builder env.IreeRuntime(libraries=()). See the module."""
    if libraries:
        env.AppendUnique(IREE_RUNTIME_LIBRARIES=env.Split(libraries))
    archive = runtime_archive(env)
    found = archive.attributes
    runtime = Runtime([*found.support, archive])
    runtime.env, runtime.archive, runtime.support = env.Clone(), archive, SCons.Util.NodeList(found.support)
    runtime.header, runtime.generated = found.header, SCons.Util.NodeList(found.generated)
    runtime.include = [env.Dir(str(path)) for path in found.recipe.includes(archive.dir.Dir("generated").get_abspath())]
    runtime.tree, runtime.architecture = env.Dir(str(found.recipe.root)), recipe.architecture(env["IREE_BOARD_DATA"])
    if env.get("IREE_RUNTIME_USED") is not archive:
        use(env, archive)
        env["IREE_RUNTIME_USED"] = archive
    return runtime


def _fetch(target, source, env):
    require_compiler(env)
    fetch.fetch(env.subst("$IREE_COMPILE_VERSION"), compiler.commit(env.subst("$IREE_COMPILE")))


def add(env):
    """Adds the pseudo-builder and the target fetch-iree to env."""
    env.SetDefault(
        IREE_SOURCE="",
        IREE_RUNTIME_OPTIONS={},
        IREE_RUNTIME_LIBRARIES=[],
        IREE_RUNTIME_SMALLEST=False,
        IREE_RUNTIME_DIR="#build/$IREE_BOARD/iree_runtime",
    )
    env.AddMethod(iree_runtime, "IreeRuntime")
    env.AlwaysBuild(env.Alias("fetch-iree", [], message_action(_fetch, "fetch IREE")))
