"""Builds on a disk that gets full: called by disturbances.py, in a mount namespace.

    unshare -rm python test/reliability/full_disk.py FOLDER ROOM…

FOLDER: an empty one, for the disk; ROOM: bytes that a build finds free. Prints for each what was wrong, ended by a NUL.
"""

import os
import subprocess
import sys

from workspace import Workspace, differing

BOARD = "board=stm32f4"
DISK = "100m"


def _fault(work, disk, reference, room):
    """What a build with room bytes left, or the next one, does wrong: "" for nothing."""
    work.forget()
    there = os.statvfs(disk)
    used = (there.f_blocks - there.f_bfree) * there.f_frsize
    subprocess.run(["mount", "-o", f"remount,size={used + room}", disk], check=True)
    code, text = work.build(BOARD)
    subprocess.run(["mount", "-o", f"remount,size={DISK}", disk], check=True)
    if code == 0:
        return ""  # it had the space
    if code != 2 or "Traceback (most" in text or "No space left on device" not in text:
        return text
    return ", ".join(differing(work.built(BOARD), reference))


def main():
    disk, *rooms = sys.argv[1:]
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", disk], check=True)
    work = Workspace(f"{disk}/project", f"{disk}.tmp")
    reference = work.built(BOARD)
    for room in rooms:
        print(_fault(work, disk, reference, int(room)), end="\0", flush=True)


if __name__ == "__main__":
    main()
