"""What the values of a host program stand for while it is evaluated."""

from dataclasses import dataclass, field


class Opaque:
    """A device, fence, allocator or executable: something that needs no representation."""

    def __repr__(self):
        return "opaque"


NULL, OPAQUE = Opaque(), Opaque()


class Buffer:
    """A buffer; identity matters. ``place`` and ``index`` as in `model.Span`."""

    def __init__(self, place, index, size):
        self.place, self.index, self.size = place, index, size


@dataclass(frozen=True)
class Slice:
    """A part of a buffer."""

    buffer: Buffer
    offset: int
    length: int


@dataclass
class View:
    """A buffer view: the bytes with their type and shape."""

    slice: Slice
    dtype: str = ""
    shape: tuple | None = None


@dataclass
class Argument:
    """A function's argument, of which type and shape are learnt when the program asserts them."""

    index: int
    buffer: Buffer
    dtype: str = ""
    shape: tuple | None = None


@dataclass(frozen=True)
class ScalarBits:
    """A scalar argument's bits from byte ``offset`` on, in an integer of ``width`` bytes."""

    argument: int
    dtype: str
    offset: int = 0


@dataclass(frozen=True)
class Constant:
    """The content of a ``util.buffer.constant``."""

    data: bytes


@dataclass
class CommandBuffer:
    steps: list = field(default_factory=list)
