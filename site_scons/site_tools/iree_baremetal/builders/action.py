"""Actions that run a tool or one of our functions.

Unlike a plain command line they show only what matters of a tool's messages, see to it that every
declared output was written, and leave no half-written output behind a failure.
"""

import signal
import subprocess
from pathlib import Path

import SCons.Action
import SCons.Errors

from .. import processes
from ..cluster import ClusterError
from ..compiler import crash, diagnostics
from ..errors import BaremetalError
from ..runtime import embedded_linker
from . import cluster, signatures


def run_tool(command, target, source, env, without=()):
    """Runs the command line of the construction variable named command, but for the words in without: (exit code, messages)."""
    words = [str(word) for word in env.subst_list(f"${command}", target=target, source=source)[0]]
    words = [word for word in words if word not in without]
    files = {str(node) for node in [*target, *source]}  # one whose name begins with a dash is no option
    words = [f"./{word}" if word.startswith("-") and word in files else word for word in words]
    environment = embedded_linker.environment(env.subst("$IREE_COMPILE")) | {
        name: str(value) for name, value in env["ENV"].items()
    }
    try:
        limit, there = float(env["IREE_COMPILE_TIMEOUT"]), cluster.of(env)
        if there:
            done = cluster.run(there, words, limit, target, environment)
        else:
            done = processes.run(
                words, limit, memory=memory(env), text=True, errors="replace", env=environment, pass_fds=signatures.descriptors()
            )
    except ClusterError as error:
        fail(target, str(error), _INTERRUPTED[0])
    except subprocess.TimeoutExpired:
        return 124, (
            f"{_tool(words, env)} did not end within {limit:g} s, and was killed. Some models make iree-compile run without end; "
            "where yours only takes long, give it more: compile_timeout=SECONDS."
        )
    except (OSError, IndexError) as error:
        return 127, f"{words[0] if words else command}: {getattr(error, 'strerror', 'no program')}"
    missing = [node.name for node in target if not Path(node.get_abspath()).exists()]
    messages = diagnostics(done.stderr)
    if done.returncode and processes.ran_out_of_memory(done.stderr):
        return done.returncode, (
            f"{_tool(words, env)} took more memory than it may, {memory(env) / 2**30:.3g} GiB, and ended. Some models make iree-compile take it without "
            "end; where yours only takes much, give it more: compile_memory=SIZE, as in 16G."
        )
    if done.returncode:
        return done.returncode, crash(
            words[0], done.returncode, messages
        ) or messages or f"{words[0]} ended with exit code {done.returncode} and no message."
    if missing:
        return 1, f"{Path(words[0]).name} did not write {', '.join(missing)}.\n{messages}"
    return 0, messages


def memory(env):
    """Bytes that a tool may take, by IREE_COMPILE_MEMORY."""
    text = str(env["IREE_COMPILE_MEMORY"])
    return int(text) if text else processes.memory_limit()


def _tool(words, env):
    """What a command line runs: a tool, or a command of this package."""
    return f"iree_baremetal {words[2]}" if words[1:2] == [env.subst("$IREE_BAREMETAL")] else Path(words[0]).name


def fail(target, message, status=2):
    """Removes the targets and ends the build with message and exit code 2; status is that of a tool."""
    for node in target:
        if hasattr(node, "get_abspath"):
            Path(node.get_abspath()).unlink(missing_ok=True)
    raise SCons.Errors.BuildError(node=target[0], errstr=message, status=status, exitstatus=2)


# A C comment: what only compiles such a file goes on.
_NOTE = "// Not made: "
_INTERRUPTED = (-signal.SIGINT, -signal.SIGTERM, -getattr(signal, "SIGKILL", 9), 128 + signal.SIGINT)


def noted_failure(nodes):
    """Why one of nodes, files, was not made, or None."""
    for node in nodes:
        with open(node.get_abspath(), "rb") as file:
            if file.read(len(_NOTE)) == _NOTE.encode():
                return file.read().decode().replace("\n// ", "\n").strip()
    return None


def _noting(function):
    """function(target, source, env), whose failure is noted in its targets where IREE_NOTE_FAILURES is set.

    So a build can go on without what it only tries: what is made of such a file is noted likewise.
    """

    def run(target, source, env):
        if not env.get("IREE_NOTE_FAILURES"):
            return function(target, source, env)
        reason = noted_failure(source)
        if reason is None:
            try:
                return function(target, source, env)
            except SCons.Errors.BuildError as error:
                if error.status in _INTERRUPTED:
                    raise
                reason = str(error.errstr)
        for node in target:
            Path(node.get_abspath()).write_text(_NOTE + reason.replace("\n", "\n// ") + "\n")

    return run


def tool_action(command, varlist=(), run=None, explain=None, spare=""):
    """An Action that runs the construction variable named command, printed by command + "STR".

    varlist: further variables on which the result depends though the command does not show them.
    run: does the work in place of the tool, with target, source and env. explain: turns the tool's
    messages and the sources into those to show when it failed. spare: a word of the command that it can
    do without where the tool crashes with it.
    """

    def tool(target, source, env):
        status, messages = run_tool(command, target, source, env)
        if status and spare and " crashed (" in messages and spare in env.subst(f"${command}", target=target, source=source):
            status, again = run_tool(command, target, source, env, [spare])
            messages = (
                messages
                if status
                else f"{source[0]}: compiled without {spare}, with which iree-compile crashes.\n{again}".strip()
            )
        if status:
            fail(target, f"{source[0]}:\n{explain(messages, source) if explain else messages}", status)
        if messages:
            print(messages)

    def text(target, source, env):
        short = env.subst(f"${command}STR", target=target, source=source)
        return short or env.subst(f"${command}", target=target, source=source)

    return SCons.Action.Action(_noting(run or tool), strfunction=text, varlist=[command, *varlist])


def message_action(function, text, varlist=()):
    """An Action around function(target, source, env), whose `BaremetalError` is the build's error."""

    def run(target, source, env):
        try:
            return function(target, source, env)
        except BaremetalError as error:
            fail(target, str(error))
        except ClusterError as error:
            fail(target, str(error), _INTERRUPTED[0])

    return SCons.Action.Action(run, text, varlist=list(varlist))
