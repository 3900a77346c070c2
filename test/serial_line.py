"""A serial line for tests: two pseudo-terminals with a wire between them that may spoil bytes, and QEMU's port at one."""

import contextlib
import os
import random
import select
import subprocess
import threading
import tty

import pytest
from iree_baremetal.device import emulator


@contextlib.contextmanager
def line(spoil=0.0):
    """The names of both ends; spoil: the share of bytes that arrive changed, on either way."""
    try:
        near, far = os.openpty(), os.openpty()
    except OSError as error:
        pytest.skip(f"this machine has no pseudo-terminals ({error})")
    for descriptor in (*near, *far):
        tty.setraw(descriptor)
    done, chance = threading.Event(), random.Random(7)

    def carry():
        ends = {near[0]: far[0], far[0]: near[0]}
        while not done.is_set():
            for end in select.select(list(ends), [], [], 0.1)[0]:
                data = bytearray(os.read(end, 256))
                for index in range(len(data)):
                    if chance.random() < spoil:
                        data[index] ^= 1 << chance.randrange(8)
                os.write(ends[end], data)

    thread = threading.Thread(target=carry)
    thread.start()
    try:
        yield os.ttyname(near[1]), os.ttyname(far[1])
    finally:
        done.set()
        thread.join()
        for descriptor in (*near, *far):
            os.close(descriptor)


def command(on, elf, end):
    """The command line of QEMU with the board's first serial port at one end of a line, and without semihosting."""
    words = emulator.command(on, elf)
    words[words.index("stdio,id=console,mux=on")] = f"serial,id=console,path={end}"
    at = words.index("-semihosting-config")
    del words[at : at + 2]
    first = words.index("chardev:console")
    return words[: first + 1] + ["null" if word == "chardev:console" else word for word in words[first + 1 :]]


@contextlib.contextmanager
def qemu(on, elf, spoil=0.0):
    """(the name of the line's end, what starts QEMU with elf at the other)."""
    process = []
    with line(spoil) as (near, far):
        try:
            yield near, lambda: process.append(subprocess.Popen(command(on, elf, far), stdin=subprocess.DEVNULL))
        finally:
            for one in process:
                one.kill()
                one.wait()
