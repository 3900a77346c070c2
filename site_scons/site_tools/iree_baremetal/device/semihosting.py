"""Semihosting, served from outside: what the firmware asks for, by its registers and memory.

"Semihosting for AArch32 and AArch64" (Arm) names the calls; RISC-V has the same ones. A call's argument is the
address of a block of words. Files are those of the folder that is given, or absolute; there is no call that runs a
program.
"""

import os
import time

_MODES = ("r", "rb", "r+", "r+b", "w", "wb", "w+", "w+b", "a", "ab", "a+", "a+b")
_OPEN, _CLOSE, _WRITEC, _WRITE0, _WRITE, _READ, _ISTTY, _SEEK, _FLEN = 1, 2, 3, 4, 5, 6, 9, 0xA, 0xC
_CLOCK, _TIME, _ERRNO, _CMDLINE, _EXIT, _EXIT_EXTENDED = 0x10, 0x11, 0x13, 0x15, 0x18, 0x20
_APPLICATION_EXIT = 0x20026
_CONSOLE = ":tt"


class Exited(Exception):
    """The program has ended; code: its exit code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Files:
    """Serves calls; console: a function of bytes. `close` ends it.

    memory: what reads and writes the target's, read(address, size) and write(address, data). word: bytes of one.
    """

    def __init__(self, memory, folder, arguments, console, word=4):
        self._memory, self._folder, self._console, self._word = memory, folder, console, word
        self._arguments, self._files, self._error, self._start = ["firmware", *arguments], {}, 0, time.monotonic()
        self._calls = {
            _OPEN: self._open, _CLOSE: self._close, _WRITEC: self._writec, _WRITE0: self._write0, _WRITE: self._write,
            _READ: self._read, _ISTTY: self._istty, _SEEK: self._seek, _FLEN: self._flen, _CLOCK: self._clock,
            _TIME: self._time, _ERRNO: self._errno, _CMDLINE: self._cmdline, _EXIT: self._exit, _EXIT_EXTENDED: self._exit_extended,
        }  # fmt: skip

    def serve(self, operation, argument):
        """The call's result; -1 where it fails or is not known. `Exited` where the program ends."""
        call = self._calls.get(operation)
        if not call:
            return -1
        try:
            return call(argument)
        except (OSError, KeyError, ValueError) as error:
            self._error = getattr(error, "errno", None) or 9  # EBADF
            return -1

    def close(self):
        for file in self._files.values():
            if file:
                file.close()

    def _words(self, address, count):
        data = self._memory.read(address, count * self._word)
        return [int.from_bytes(data[i : i + self._word], "little") for i in range(0, len(data), self._word)]

    def _open(self, block):
        name, mode, length = self._words(block, 3)
        path = self._memory.read(name, length).decode()
        handle = max(self._files, default=0) + 1
        binary = _MODES[mode] if "b" in _MODES[mode] else _MODES[mode] + "b"
        self._files[handle] = None if path == _CONSOLE else open(os.path.join(self._folder, path), binary)  # noqa: SIM115  the firmware closes it
        return handle

    def _close(self, block):
        file = self._files.pop(self._words(block, 1)[0])
        if file:
            file.close()
        return 0

    def _write(self, block):
        handle, address, size = self._words(block, 3)
        file, data = self._files[handle], self._memory.read(address, size)
        if file:
            file.write(data)
        else:
            self._console(data)
        return 0

    def _read(self, block):
        handle, address, size = self._words(block, 3)
        file = self._files[handle]
        data = file.read(size) if file else b""
        if data:
            self._memory.write(address, data)
        return size - len(data)

    def _seek(self, block):
        handle, position = self._words(block, 2)
        self._files[handle].seek(position)
        return 0

    def _flen(self, block):
        file = self._files[self._words(block, 1)[0]]
        file.flush()
        return os.fstat(file.fileno()).st_size

    def _istty(self, block):
        return int(self._files[self._words(block, 1)[0]] is None)

    def _writec(self, address):
        self._console(self._memory.read(address, 1))
        return 0

    def _write0(self, address):
        text = b""
        while not text.endswith(b"\0"):
            text += self._memory.read(address + len(text), 1)
        self._console(text[:-1])
        return 0

    def _clock(self, _):
        return int(100 * (time.monotonic() - self._start))

    def _time(self, _):
        return int(time.time())

    def _errno(self, _):
        return self._error

    def _cmdline(self, block):
        address, size = self._words(block, 2)
        text = " ".join(self._arguments).encode() + b"\0"
        if len(text) > size:
            return -1
        self._memory.write(address, text)
        self._memory.write(block + self._word, (len(text) - 1).to_bytes(self._word, "little"))
        return 0

    def _exit(self, reason):
        if self._word == 8:  # 64 bits have the block of the extended call
            return self._exit_extended(reason)
        raise Exited(0 if reason == _APPLICATION_EXIT else 1)

    def _exit_extended(self, block):
        reason, code = self._words(block, 2)
        raise Exited(code & 0xFFFFFFFF if reason == _APPLICATION_EXIT else 1)
