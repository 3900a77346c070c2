"""A new machine: the README's first commands in a Debian that holds Python, git and certificates, and nothing else.

    scons newcomer                                writes its tables in docs/reliability.md
    python test/reliability/newcomer.py --first   only the first command, what an Arm board takes: tables of its own
    … --release trixie                            only that Debian
    … --release sid --command "./sconsw board-table"   a command of yours; writes nothing
    … --minutes 60                                 stops a step after these: its table says how many tests had passed

The machine is a folder made by debootstrap, entered with chroot in namespaces of its own: what is mounted
and started there goes with them. Needs Linux, root and debootstrap. Of this machine's environment it gets
the variables that say how the network is reached, and the files of certificates that they name.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables

RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
PACKAGES = ("python3", "git", "ca-certificates")
PROJECT = "root/iree-baremetal"  # below the new root
# What is mounted or started in them goes with them.
NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
# Paths that only this machine has would say nothing there.
_NETWORK = re.compile(
    r"(?i)(https?|ftp|all|no)_proxy|PIP_(?!FIND_LINKS|CONFIG_FILE|CACHE_DIR)\w+|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
)


def commands(readme):
    """The README's first block of commands."""
    block = re.search(r"(?:^    \S.*\n)+", readme, re.MULTILINE)[0]
    return [line.partition("#")[0].strip() for line in block.splitlines()]


def network(environment):
    """The variables of environment by which programs find the network, its proxies and certificates."""
    return {name: value for name, value in environment.items() if _NETWORK.fullmatch(name)}


def refusal():
    """Why this machine cannot make another, or None."""
    missing = [tool for tool in ("debootstrap", "unshare", "chroot") if not shutil.which(tool)]
    if missing:
        return f"newcomer needs {', '.join(missing)}. On Debian or Ubuntu: apt-get install debootstrap util-linux"
    if os.geteuid():
        return "newcomer makes a machine with debootstrap and enters it with chroot: run it as root."
    return None


def verdict(lines):
    """What a step printed of its result: the answers that are right, the tests that passed."""
    return next((line.strip(" =") for line in reversed(lines) if re.search(r"\d+ of \d+ right|\d+ passed|\d+ failed", line)), "")


def _run(command, minutes, **how):
    """(exit code, whether it was stopped as by Ctrl-C after those minutes), of command, which is killed with this process."""
    # What a shell starts in the background has it ignored, and so would what is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True, **how) as process:
        try:
            try:
                return process.wait(minutes and 60 * minutes), False
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGINT)
                return process.wait(120), True
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


class Machine:
    """A Debian below folder; its steps are printed and noted as (what, seconds, MB that it holds then, exit code, verdict)."""

    def __init__(self, folder, release, minutes=None):
        self.root, self.release, self.steps, self.minutes = folder / "debian", release, [], minutes
        self.variables = network(os.environ)

    def step(self, what, command, environment=None):
        """Runs command; whether it did what it should as far as it came."""
        log, start = self.root.with_name(f"{len(self.steps)}.log"), time.monotonic()
        print(f"{what} …", flush=True)
        with open(log, "w") as stream:
            code, stopped = _run(command, self.minutes, env=environment, stdout=stream)
        lines = log.read_text(errors="replace").splitlines()
        said = verdict(lines)
        good = not code or stopped and " passed" in said and " failed" not in said and " error" not in said
        if not good:
            print("\n".join(lines[-40:]))
        if stopped:
            said = f"stopped after {self.minutes:g} minutes: {said}"
        self.steps.append((what, time.monotonic() - start, self.megabytes(), code, said))
        print("    %.0f s, %d MB, exit code %d: %s" % self.steps[-1][1:], flush=True)
        return good

    def make(self, mirror):
        """Debian with its certificates, and the project's last commit."""
        include = f"--include={','.join(PACKAGES)}"
        what = f"{RELEASES.get(self.release, self.release)} with {', '.join(PACKAGES)}"
        if not self.step(what, [*NAMESPACES, "debootstrap", "--variant=minbase", include, self.release, str(self.root), *mirror]):
            return False
        for value in self.variables.values():
            if os.path.isabs(value) and os.path.isfile(value):
                (self.root / value[1:]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(value, self.root / value[1:])
        shutil.copy("/etc/resolv.conf", self.root / "etc")
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")  # debootstrap leaves that to the installer
        clone = ["git", "clone", "-q", "--no-hardlinks", str(tables.ROOT), str(self.root / PROJECT)]
        return self.step("git clone", clone)

    def run(self, command):
        """Runs a command of the README there, in the project's folder and an empty environment; see step."""
        namespaces = [*NAMESPACES, f"--mount-proc={self.root / 'proc'}"]
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.variables}
        return self.step(
            f"`{command}`",
            [*namespaces, "chroot", self.root, "/bin/sh", "-c", f"cd /{PROJECT} && {command}"],
            variables,
        )

    def megabytes(self, path="."):
        """The size of what is in path; 0 where nothing is."""
        return int((subprocess.run(["du", "-smx", self.root / path], capture_output=True, text=True).stdout or "0").split()[0])


def tried(release, options):
    """Whether the README's commands work in that release, which its table says."""
    with tempfile.TemporaryDirectory(prefix="newcomer-") as folder:
        machine = Machine(Path(folder), release, options.minutes)
        good = machine.make(options.mirror)
        chosen = options.command or commands((tables.ROOT / "README.md").read_text())[: 1 if options.first else None]
        for command in chosen if good else []:
            good &= machine.run(command)
        rows = [(what, f"{seconds:.0f}", f"{size:,}", code, said) for what, seconds, size, code, said in machine.steps]
        page = tables.markdown(("step", "seconds", "MB then", "exit code", "it said"), rows)
        page += f"\n`.venv` holds {machine.megabytes(f'{PROJECT}/.venv')} MB of them. {tables.commit(machine.root / PROJECT)}\n"
    print(page)
    if good and not options.command and release in RELEASES:
        tables.write(f"newcomer {'first ' if options.first else ''}{release}", page)
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", action="store_true", help="only the first command of the README")
    parser.add_argument("--command", action="append", help="in place of the README's; no table is kept")
    parser.add_argument("--mirror", nargs=1, default=[], help="of Debian's packages; else debootstrap's own")
    parser.add_argument("--minutes", type=float, help="that one step may take")
    parser.add_argument("--release", action="append", help="of Debian (bookworm and trixie); of others, as sid, no table is kept")
    options = parser.parse_args()
    why_not = refusal()
    if why_not:
        print(why_not, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the folder is removed then, too
    return 0 if all([tried(release, options) for release in options.release or RELEASES]) else 1


if __name__ == "__main__":
    sys.exit(main())
