"""Inputs for a model: an .npz of wrong arrays, a broken one, one that would run code if it were unpickled."""

import contextlib
import io
import zipfile

import numpy
from corpus import ROOT, Case

GOOD_FILE = (ROOT / "samples/digits/held_out.npz").read_bytes()
VERIFY = "board=mps2-an386 model=model.onnx inputs=inputs.npz verify"
RUN = VERIFY.replace("verify", "run")
NAME = "image"  # digits' only input: 64 bytes in an image of 1x1x8x8


def npz(**arrays):
    stream = io.BytesIO()
    numpy.savez(stream, **arrays)
    return stream.getvalue()


def packed(**members):
    """A .zip with these members, of any bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_npy", ".npy"), content)
    return stream.getvalue()


class Bomb:
    """Leaves a file in the project where it is unpickled."""

    def __reduce__(self):
        return (open, ("exploded", "w"))


@contextlib.contextmanager
def unexploded(project):
    yield
    left = [path for path in project.rglob("exploded*")]
    assert not left, f"the pickled object was made: {left}"


def case(name, says, content, command=VERIFY, **others):
    return Case(name, says, command, {"inputs.npz": content}, before=True, **others)


def header(text):
    """An .npy with this header and no data."""
    text = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


images = numpy.ones((2, 1, 1, 8, 8), "f4")
OBJECTS = npz(image=numpy.array([Bomb()], dtype=object))
NOT_NPZ = ["inputs.npz is not an .npz of arrays"]

CASES = [
    case("an .npz that is empty", NOT_NPZ, b""),
    case("an .npz that is text", NOT_NPZ, "1, 2, 3\n"),
    case("an .npz that ends in the middle", NOT_NPZ, GOOD_FILE[: len(GOOD_FILE) // 2]),
    case("an .npz that ends before its end", NOT_NPZ, GOOD_FILE[:-10]),
    case(
        "an .npz with a byte changed",
        ["inputs.npz", "cannot be read"],
        lambda good: GOOD_FILE[:200] + bytes([GOOD_FILE[200] ^ 255]) + GOOD_FILE[201:],
    ),
    case(
        "an .npy in place of an .npz",
        NOT_NPZ,
        npz(a=images)[0:0] + header("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }"),
    ),
    case("pickled objects in an .npz", ["inputs.npz", "cannot be read"], OBJECTS, around=unexploded),
    case("a bare pickle", NOT_NPZ, __import__("pickle").dumps(Bomb()), around=unexploded),
    case("a .zip of no arrays", ["readme is no array"], packed(readme="hello")),
    case("a .zip of an .npy that is none", ["is no array"], packed(image_npy="hello")),
    case(
        "a .zip of an .npy that ends in its header", ["inputs.npz", "cannot be read"], packed(image_npy=b"\x93NUMPY\x01\x00\xff")
    ),
    case(
        "a .zip of an .npy without its data",
        ["inputs.npz", "cannot be read"],
        packed(image_npy=header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 1, 8, 8), }")),
    ),
    case(
        "a .zip of an .npy of absurd size",
        ["inputs.npz", "cannot be read"],
        packed(image_npy=header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 8, 8), }")),
    ),
    case(
        "a .zip of an .npy with code for a header",
        ["inputs.npz", "cannot be read"],
        packed(image_npy=header("__import__('os').system('touch exploded')")),
        around=unexploded,
    ),
    case("no arrays", ["inputs.npz holds no", "the model's inputs are "], npz()),
    case("arrays of other names", ["inputs.npz holds picture; the model's inputs are "], npz(picture=images)),
    case("arrays of another shape", ["inputs.npz: array inputs has shape (2, 7, 7)"], npz(inputs=numpy.ones((2, 7, 7), "f4"))),
    case("an array of too few elements", ["inputs.npz: array inputs has shape (3,)"], npz(inputs=numpy.ones(3, "f4"))),
    case("a number in place of an array", ["inputs.npz: array inputs has shape ()"], npz(inputs=numpy.float32(4))),
    case("an array of no calls", ["inputs.npz holds no calls"], npz(inputs=images[:0])),
    case("numbers of more bits", ["inputs.npz: array inputs has type float64; input"], npz(inputs=images.astype("f8"))),
    case("complex numbers", ["inputs.npz: array inputs has type complex64; input"], npz(inputs=images.astype("c8"))),
    case("strings", ["inputs.npz: array inputs has type <U1; input"], npz(inputs=images.astype("U1"))),
    case("dates", ["inputs.npz: array inputs has type datetime64"], npz(inputs=images.astype("i8").astype("M8[s]"))),
    case("records", ["inputs.npz: array inputs has type"], npz(inputs=images.view([("a", "f4")]))),
    case(
        "numbers that are not, and infinity",
        [],
        npz(inputs=numpy.full_like(images, numpy.nan) + numpy.array([numpy.inf, 0], "f4").reshape(2, 1, 1, 1, 1)),
        works=True,
    ),
    case("numbers in the other byte order", [], npz(inputs=images.astype(">f4")), works=True),
    case("numbers of fewer bits", [], npz(inputs=images.astype("f2")), works=True),
    case(
        "outputs to compare with that are another kind",
        ["inputs.npz: array outputs "],
        npz(inputs=images, outputs=numpy.array(["one", "two"])),
    ),
    case(
        "outputs to compare with that are objects",
        ["inputs.npz: array outputs "],
        npz(inputs=images, outputs=numpy.array([Bomb(), None], dtype=object)),
        around=unexploded,
    ),
    *(
        Case(
            f"data for flash: {name}",
            ["held_out.npz", *says],
            "board=mps2-an386 sample=digits",
            {"samples/digits/held_out.npz": content},
            **others,
        )
        for name, says, content, others in (
            ("empty", ["is not an .npz of arrays"], b"", {}),
            ("text", ["is not an .npz of arrays"], "1, 2, 3\n", {}),
            ("an end too soon", ["is not an .npz of arrays"], GOOD_FILE[:500], {}),
            ("no arrays", ["holds no array"], npz(), {}),
            ("objects", ["array image cannot be read"], OBJECTS, {"around": unexploded}),
            ("numbers that are not", ["array 'image' has elements that are NaN"], npz(image=numpy.array([numpy.nan])), {}),
            ("complex numbers", ["array 'image' is of type complex64"], npz(image=images.astype("c8")), {}),
            ("a name that C cannot have", ["array 'my image'"], npz(**{"my image": images}), {}),
            ("an array of nothing", ["array 'image' of shape (0,) is empty"], npz(image=numpy.ones(0)), {}),
            ("an .npy that is none", ["is no array"], packed(image_npy="hello"), {}),
        )
    ),
]
