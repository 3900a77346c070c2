"""Running firmware on the part by a serial port alone: it asks for its files there, support/files_serial.c.

That file describes the frames. A question comes again until its answer arrives whole, so what is served for a number is
kept, lest it be done twice. Bytes between frames are the console's.
"""

import dataclasses
import os
import struct
import time
import zlib

from ..errors import BaremetalError, FirmwareError
from .emulator import Result

BAUD = 115200
FILES = "files_serial.c"  # in place of the calls in semihosting.c, which BOARD_FILES_SERIAL takes out
_BEGIN, _HEAD, _LARGEST = b"\xa5\x5a", 6, 8 + 512
_OPEN, _CLOSE, _WRITE, _READ, _FLEN, _CMDLINE, _EXIT = 1, 2, 5, 6, 0xC, 0x15, 0x20
_MODES = {"r": "rb", "w": "wb", "a": "ab"}
_FIRST = 60  # seconds until the board first asks


def named(place):
    """The port of a place, on=serial:PORT; "" where it is none."""
    return place.removeprefix("serial:") if place.startswith("serial:") else ""


def can_receive(board):
    """Whether board's console has code for a line that also listens."""
    sources = [path for path in board.source_files if path.name == os.path.basename(board.console)]
    return any("console_read" in path.read_text(errors="replace") for path in sources[:1])


def with_files(board):
    """board with its files on the console's line; a `BaremetalError` where that only transmits."""
    if not can_receive(board):
        raise BaremetalError(
            f"board {board.name}: its console, {board.console}, cannot receive, as on=serial needs. Take on=probe (docs/probe.md)."
        )
    return dataclasses.replace(board, sources=(*board.sources, FILES), defines={**board.defines, "BOARD_FILES_SERIAL": "1"})


def frame(number, operation, payload):
    """The bytes of a frame."""
    body = struct.pack("<BBH", number, operation, len(payload)) + payload
    return _BEGIN + body + struct.pack("<I", zlib.crc32(body))


class Frames:
    """Takes a line's bytes apart: `feed` gives whole frames, (number, operation, payload); text gathers the rest."""

    def __init__(self):
        self.text, self._bytes = bytearray(), bytearray()

    def feed(self, data):
        self._bytes += data
        while True:
            at = self._bytes.find(_BEGIN)
            if at < 0:
                keep = 1 if self._bytes.endswith(_BEGIN[:1]) else 0
                self._move(len(self._bytes) - keep)
                return
            self._move(at)
            if len(self._bytes) < _HEAD:
                return
            number, operation, size = struct.unpack_from("<BBH", self._bytes, 2)
            whole = _HEAD + size + 4
            if size > _LARGEST:  # no head of ours, or a broken one
                del self._bytes[:2]
                continue
            if len(self._bytes) < whole:
                return
            body, (checksum,) = bytes(self._bytes[2 : whole - 4]), struct.unpack_from("<I", self._bytes, whole - 4)
            if zlib.crc32(body) != checksum:  # a broken one: another may begin within
                del self._bytes[:2]
                continue
            del self._bytes[:whole]
            yield number, operation, body[4:]

    def _move(self, count):
        self.text += self._bytes[:count]
        del self._bytes[:count]


def open_port(name):
    """The port called name, a device or a pyserial URL; a `BaremetalError` where it is not to be had."""
    try:
        import serial
    except ImportError as error:
        raise BaremetalError(f"on=serial:{name} needs pyserial: pip install pyserial") from error
    own = {} if "://" in name else {"exclusive": True}
    try:
        return serial.serial_for_url(name, baudrate=BAUD, timeout=0.05, **own)
    except (serial.SerialException, ValueError, OSError) as error:
        raise BaremetalError(
            f"on=serial:{name}: {error}. Is it plugged in, not in use elsewhere, and open to you (group dialout)?"
        ) from error


def run(board, elf, arguments=(), timeout=120, cwd=None, *, port, start=lambda: None):
    """Runs elf on the part at port, of `open_port`; its `Result`, as `emulator.run` has it.

    start flashes and resets the part, when the port is open. timeout is in seconds. `FirmwareError` when it is over,
    `BaremetalError` where nothing asks for files at all.
    """
    files, frames, said = _Files(cwd or ".", arguments), Frames(), None
    last: tuple = ((), b"")
    begin = time.monotonic()
    try:
        port.reset_input_buffer()
        start()
        begin = time.monotonic()
        while True:
            late = time.monotonic() - begin
            if said is None and late > min(_FIRST, timeout):
                raise BaremetalError(_silent(board, elf, port, frames))
            if late > timeout:
                raise FirmwareError(
                    f"board {board.name}: {elf} did not end within {timeout:g} s. It printed last: {_last(frames.text)}"
                )
            for number, operation, payload in frames.feed(port.read(max(1, port.in_waiting))):
                said = number
                if (number, operation, payload) != last[0]:
                    last = (number, operation, payload), frame(number, operation, files.serve(operation, payload))
                port.write(last[1])
                if operation == _EXIT:
                    port.flush()
                    return Result(struct.unpack_from("<i", payload)[0] & 0xFF, _text(frames.text), "")
    except OSError as error:  # pyserial's own is one
        raise BaremetalError(f"board {board.name}: {port.name}: {error}. Was it unplugged?") from error
    finally:
        files.close()


def _silent(board, elf, port, frames):
    heard = f"It printed: {_last(frames.text)}" if frames.text else "Nothing came at all."
    return (
        f"board {board.name}: at {port.name} nothing asked for files within {_FIRST} s. {heard} Is {elf} what is flashed, was the board "
        f"reset, is this its console's port, at {BAUD} baud?"
    )


def _text(data):
    return bytes(data).replace(b"\r\n", b"\n").decode(errors="replace")


def _last(data, lines=5):
    return "\n".join(_text(data).strip().splitlines()[-lines:]) or "nothing"


class _Files:
    """Serves operations on files of folder."""

    def __init__(self, folder, arguments):
        self._folder, self._files, self._arguments = folder, {}, " ".join(map(str, arguments)).encode() + b"\0"

    def serve(self, operation, payload):
        """The payload of the answer: a result, -1 where it fails, and data."""
        try:
            first, second = struct.unpack_from("<ii", payload)
            result, data = self._served(operation, first, second, payload[8:])
        except (OSError, KeyError, ValueError, struct.error):
            result, data = -1, b""
        return struct.pack("<i", result) + data

    def _served(self, operation, first, second, data):
        if operation == _OPEN:
            handle = max(self._files, default=0) + 1
            self._files[handle] = open(os.path.join(self._folder, data.decode()), _MODES[chr(first)])  # noqa: SIM115  the firmware closes it
            return handle, b""
        if operation == _CMDLINE:
            return (len(self._arguments) - 1, self._arguments) if len(self._arguments) <= first else (-1, b"")
        if operation == _EXIT:
            return 0, b""
        file = self._files[first]
        if operation == _READ:
            found = file.read(second)
            return len(found), found
        if operation == _WRITE:
            return file.write(data), b""
        if operation == _FLEN:
            file.flush()
            return os.fstat(file.fileno()).st_size, b""
        if operation == _CLOSE:
            self._files.pop(first).close()
            return 0, b""
        raise ValueError(operation)

    def close(self):
        for file in self._files.values():
            file.close()
