"""cluster=: the tool's commands are done by Dask's workers, docs/cluster.md. SCons decides which, and -j how many at once.

IREE_CLUSTER is local:N or a scheduler's address. The scheduler is asked when the first command is to be done; workers
that have other versions of the environment's tools end the build before that. What goes there are commands of
action.py, runs of harnesses (harness.py) and, where the toolchain is ours, the C compiler.
"""

import os
import shlex
import shutil
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import SCons.Errors
import SCons.Node.FS

from ..cluster import ClusterError, Interrupted, versions
from ..errors import BaremetalError

_TOOLS = ("IREE_COMPILE", "IREE_PYTHON", "CC", "CXX", "OBJCOPY")


class _Connections:
    """The clusters of this process, as SCons's engine is one of a process: IREE_CLUSTER -> `Cluster`."""

    def __init__(self):
        self.lock, self.made, self.checked, self.is_interrupted = threading.Lock(), {}, set(), False

    def of(self, env):
        name = env.subst("$IREE_CLUSTER")
        with self.lock:
            if isinstance(self.made.get(name), ClusterError):
                raise self.made[name]
            if name not in self.made:
                try:
                    # Threads of SCons have stacks of 256 KiB, which Dask's modules do not load in.
                    with ThreadPoolExecutor(1) as pool:
                        self.made[name] = pool.submit(_connect, name, env).result()
                except ClusterError as error:
                    self.made[name] = error
                    raise
            cluster = self.made[name]
            if self.is_interrupted:
                raise Interrupted("Build interrupted.")
            tools = _tools(env)
            if tools not in self.checked:
                cluster.check({path: versions.of(path) for path in tools})
                self.checked.add(tools)
        return cluster

    def interrupt(self):
        self.is_interrupted = True
        for cluster in list(self.made.values()):
            if not isinstance(cluster, ClusterError):
                cluster.interrupt()


_CONNECTIONS = _Connections()
_NOW = threading.local()  # env and targets of the command that this thread is about to spawn


def _connect(name, env):
    from ..cluster import connection

    try:
        cluster = connection.connect(name, env.Dir("#").get_abspath(), env.subst("$IREE_BAREMETAL"))
    except BaremetalError as error:
        raise ClusterError(str(error)) from error
    print(f"cluster: {len(cluster.workers())} workers of {cluster.client.scheduler.address}")
    return cluster


def _tools(env):
    """The paths of env's tools."""
    emulator = env["IREE_BOARD_DATA"].emulator
    names = [env.subst(f"${name}") for name in _TOOLS] + ([f"qemu-system-{emulator.system}"] if emulator else [])
    path = env["ENV"].get("PATH")
    return tuple(sorted({found for name in names if name and (found := shutil.which(name, path=path))}))


def of(env):
    """The `Cluster` that does env's commands; None where they are done here. A `ClusterError` where there is none to be had."""
    return _CONNECTIONS.of(env) if env.get("IREE_CLUSTER") else None


def run(cluster, words, limit, target, environment):
    """The completed process of words, which make target, as text; on what target depends goes with it."""
    done = cluster.run(words, limit, _files(target, words[0]), [node.get_abspath() for node in target], environment=environment)
    done.stdout, done.stderr = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
    return done


def _files(target, program):
    """The files on which the nodes of target depend, as commands name them, without the program, which SCons counts among them."""
    nodes = {child.disambiguate() for node in target for child in node.children()}
    sources = {source for node in target for source in node.sources}
    files = [
        node
        for node in nodes
        if isinstance(node, SCons.Node.FS.File) and (node in sources or node.name != os.path.basename(program))
    ]
    return sorted({os.path.abspath(str(node.rfile())) for node in files})


def add(env):
    """Adds the variable to env; a UserError where it is no cluster's name."""
    env.SetDefault(IREE_CLUSTER="")
    name = env.subst("$IREE_CLUSTER")
    if not name:
        return
    from ..cluster import connection

    try:
        connection.parse(name)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    _watch_signals()


def take_compiler(env):
    """Lets env's C compiler be one of the commands; for a toolchain of ours."""
    if not env.get("IREE_CLUSTER"):
        return
    here = env["SPAWN"]

    def mark(env, target, source, environment):
        _NOW.command = env, target
        return environment

    def spawn(shell, escape, command, words, environment):
        of_env, target = _NOW.command
        words = shlex.split(" ".join(words))
        # Where a source has an absolute name debug information says otherwise after GCC has mapped it back.
        is_outside = any(os.path.isabs(str(node)) for node in target[0].sources)
        if is_outside or words[0] not in (of_env.subst("$CC"), of_env.subst("$CXX")):
            return here(shell, escape, command, words, environment)
        try:
            done = run(of(of_env), words, float(of_env["IREE_COMPILE_TIMEOUT"]), target, environment)
        except (ClusterError, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        print(done.stdout, end="")
        print(done.stderr, end="", file=sys.stderr)
        return done.returncode

    env["SPAWN"] = spawn
    env.AppendUnique(SHELL_ENV_GENERATORS=[mark])


def _watch_signals():
    """Ends what waits for workers when a signal comes that SCons handles: it only notes it, and waits for its threads."""
    if threading.current_thread() is not threading.main_thread() or signal.set_wakeup_fd(-1) != -1:
        return
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)

    def watch():
        while os.read(ours, 1):
            _CONNECTIONS.interrupt()

    threading.Thread(target=watch, daemon=True).start()
