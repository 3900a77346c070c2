"""Actions that run one of IREE's tools.

Unlike a plain command line they show only what matters of the tool's messages, see to it that
every declared output was written, and leave no half-written output behind a failure.
"""

import subprocess
from pathlib import Path

import SCons.Action
import SCons.Errors

from ..compiler import diagnostics


def tool_action(command, varlist=()):
    """An Action that runs the construction variable named command, printed by command + "STR".

    varlist: further variables on which the result depends though the command does not show them.
    """

    def run(target, source, env):
        line = env.subst_list(f"${command}", target=target, source=source)[0]
        words = [str(word) for word in line]
        outputs = [Path(str(node.get_abspath())) for node in target]
        try:
            done = subprocess.run(words, capture_output=True, text=True, errors="replace", env=_environment(env))
            status, messages = done.returncode, diagnostics(done.stderr)
        except OSError as error:
            status, messages = 127, f"{words[0]}: {error.strerror}"
        if status == 0:
            missing = [path.name for path in outputs if not path.exists()]
            if not missing:
                if messages:
                    print(messages)
                return None
            messages = f"{Path(words[0]).name} did not write {', '.join(missing)}.\n{messages}"
        for path in outputs:
            path.unlink(missing_ok=True)
        raise SCons.Errors.BuildError(node=target[0], errstr=f"{source[0]}:\n{messages}", status=status, exitstatus=2)

    def text(target, source, env):
        short = env.subst(f"${command}STR", target=target, source=source)
        return short or env.subst(f"${command}", target=target, source=source)

    return SCons.Action.Action(run, strfunction=text, varlist=[command, *varlist])


def _environment(env):
    return {name: str(value) for name, value in env["ENV"].items()}
