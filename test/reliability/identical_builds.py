"""scons identical-builds: the same inputs give the same bytes, wherever, whenever and by whomever they are built.

    python test/reliability/identical_builds.py [--models FILE …]

Builds digits on two boards and each model of --models (default: that of digits) on a third, all direct; and on
IREE's runtime where IREE_SOURCE_DIR names its source tree. Then the same under other circumstances.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables
from workspace import ROOT, Progress, Workspace

# For editors, which want absolute paths.
OF_ITS_PLACE = "compile_commands.json"
DAYS = 400  # from now, for another day
HOST, USER = "another-host", "another-user"


def builds(models):
    """The options of each build."""
    found = [("board=stm32f4",), ("board=qemu-rv32",)]
    found += [("board=mps2-an386", f"model={Path(model).resolve()}", "dims=*=1") for model in models]
    if os.environ.get("IREE_SOURCE_DIR"):
        found.append(("board=stm32f4", "deploy=static"))
    return found


def _another_user(folder):
    """Words before a command that run it as another user on another host; None where that cannot be."""
    root = os.geteuid() == 0
    host = f'hostname {HOST} && umask 077 && exec "$@"'
    words = ["unshare", "--uts", *([] if root else ["--map-root-user"]), "sh", "-c", host, "sh"]
    if root:  # else it is root, of a namespace
        words += ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        subprocess.run(["chown", "-R", "65534:65534", *folder], check=True)
    able = subprocess.run([*words, "stat", "-L", sys.executable], capture_output=True)
    return words if able.returncode == 0 else None


def circumstances(folder):
    """(what is different, a `Workspace`, how `Workspace.build` is called) of each variation of the first build.

    Where this machine cannot have it: (what, None, why not).
    """
    first = Workspace(folder / "first")
    # iree-compile cannot link for this machine, as verify does, where TMPDIR holds blanks.
    elsewhere = Workspace(folder / "anöther folder" / "with blanks" / "project", folder / "temporary")
    yield "nothing", first, {}
    yield "nothing: built again", first, {}
    yield "another folder, of a longer name with blanks and ö", elsewhere, {}
    yield "one job in place of two, another PYTHONHASHSEED", first, {"arguments": ("-j1",), "PYTHONHASHSEED": "12345"}
    later = f"{DAYS} days later, sources from 1970"
    if shutil.which("faketime"):
        for path in first.folder.rglob("*"):
            os.utime(path, (0, 0))
        yield later, first, {"before": ("faketime", "-f", f"+{DAYS}d")}
    else:
        yield later, None, "faketime is not installed"
    other = Workspace(folder / "other")
    home = folder / "home"
    home.mkdir()
    os.chmod(folder, 0o755)
    before = _another_user([other.folder, other.temporary, home])
    somebody = "another user, HOME, umask, host name, time zone and locale"
    if before:
        user = {"HOME": str(home), "USER": USER, "LOGNAME": USER, "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
        yield somebody, other, {"before": before, **user}
    else:
        yield somebody, None, "no other user can run this Python"


def _built(work, every, arguments=(), **how):
    """(options, path) -> bytes, of every build in work."""
    work.forget()
    found = {}
    for options in every:
        files = work.built(*options, *arguments, **how)
        found |= {(options, path): data for path, data in files.items() if not path.endswith(OF_ITS_PLACE)}
    return found


def traces(work, files):
    """What tells of the place, the time or the user: [(file, what it holds)]."""
    today = time.localtime()
    dates = {time.strftime(form, today) for form in ("%Y-%m-%d", "%b %e %Y")}
    private = sorted({str(work.folder), str(work.temporary), str(Path.home()), HOST, USER, *dates})
    return [(path, word) for (_, path), data in files.items() for word in private if word.encode() in data]


def differences(what, files, reference):
    """["what: file", …] for all that are not in both, and the same."""
    names = sorted({*files, *reference})
    return [f"{what}: {name[1]}" for name in names if files.get(name) != reference.get(name)]


def compare(folder, every, count=6):
    """A row for each of the first count circumstances, [what, files compared, files identical], and [what is wrong]."""
    rows, wrong, reference, progress = [], [], None, Progress(count)
    for what, work, how in itertools.islice(circumstances(folder), count):
        if work is None:
            rows.append((what, "–", f"not tried: {how}"))
            continue
        files = _built(work, every, **how)
        wrong += [f"{what}: {path} holds {word}" for path, word in traces(work, files)]
        if reference is None:
            reference = files
        else:
            differ = differences(what, files, reference)
            wrong += differ
            rows.append((what, len(reference), len(reference) - len(differ)))
        progress.step(what)
    return rows, wrong


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("MODELS", str(ROOT / "samples/digits/digits.onnx")).split(os.pathsep)
    options.add_argument("--models", nargs="*", default=default, help="or MODELS, separated by colons")
    every = builds(options.parse_args().models)
    with tempfile.TemporaryDirectory(prefix="identical-") as folder:
        rows, wrong = compare(Path(folder), every)
    shown = ", ".join(" ".join(f"model={Path(o).name}" if "/" in o else o for o in build) for build in every)
    text = f"Built: {shown}. All files of `build/` are compared.\n\n"
    text += tables.markdown(("what was different", "files", "identical"), rows)
    print(text)
    if wrong:
        sys.exit("\n".join(wrong))
    tables.write("identical-builds", f"{text}\n{tables.commit()}\n")


if __name__ == "__main__":
    main()
