"""The bytes of constants, from their attributes."""

import struct

import pytest
from iree.compiler import ir
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.constants import to_bytes


def bytes_of(text):
    with ir.Context() as context:
        return to_bytes(ir.Attribute.parse(text, context))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("dense<[1.0, -2.5]> : tensor<2xf32>", struct.pack("<2f", 1, -2.5)),
        ("dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>", struct.pack("4b", 1, 2, 3, -4)),
        ("dense<[1, -2]> : tensor<2xi16>", struct.pack("<2h", 1, -2)),
        ("dense<[1, -2]> : tensor<2xi32>", struct.pack("<2i", 1, -2)),
        ("dense<[1, -2]> : tensor<2xi64>", struct.pack("<2q", 1, -2)),
        ("dense<1.5> : tensor<f64>", struct.pack("<d", 1.5)),
        ("dense<[1.0, 2.0]> : tensor<2xf16>", struct.pack("<2e", 1, 2)),
        ("dense<7> : tensor<3xi32>", struct.pack("<3i", 7, 7, 7)),  # a splat
        ('dense<"0x0102030405060708"> : tensor<2xi32>', bytes(range(1, 9))),  # a large one's hexadecimal form
    ],
)
def test_dense_elements(text, expected):
    assert bytes_of(text) == expected


def test_elements_of_one_bit_are_bytes():
    assert bytes_of("dense<[true, false, true]> : tensor<3xi1>") == b"\1\0\1"


@pytest.mark.parametrize(
    "values",
    ["1.0, -2.0, 0.337890625, 0xFF80, 0x7FC1, 3.3895e38, 1.0e-40", ", ".join(["0.1"] * 99 + ["-7.5e-3"] * 99), "", "1.5"],
)
def test_bfloat16(values):
    import ml_dtypes
    import numpy

    count = len(values.split(",")) if values else 0
    bits = [
        numpy.uint16(int(v, 16)) if "0x" in v else numpy.float32(v).astype(ml_dtypes.bfloat16).view("u2")
        for v in values.split(",")
        if v.strip()
    ]
    assert bytes_of(f"dense<[{values}]> : tensor<{count}xbf16>") == numpy.array(bits, "<u2").tobytes()


def test_all_alike_and_bytes_of_bfloat16():
    assert bytes_of("dense<1.5> : tensor<2x3xbf16>") == b"\xc0\x3f" * 6
    assert bytes_of('dense<"0x80FF803F0040"> : tensor<3xbf16>') == b"\x80\xff\x80\x3f\x00\x40"
    assert bytes_of('dense<"0x803F"> : tensor<1xbf16>') == b"\x80\x3f"


def test_types_that_numpy_lacks_are_refused():
    with pytest.raises(BaremetalError, match="a constant of type tensor<2xf8E4M3FN> is not supported"):
        bytes_of("dense<[1.0, -2.0]> : tensor<2xf8E4M3FN>")


def test_a_composite_is_its_parts_in_order():
    text = "#util.composite<8xi8, [dense<1> : tensor<1xi32>, dense<[2, 3, 0, 0]> : vector<4xi8>,]>"
    assert bytes_of(text) == struct.pack("<i4b", 1, 2, 3, 0, 0)


def test_what_is_no_elements_attribute_is_refused():
    with pytest.raises(BaremetalError, match="a constant of the form '\"elsewhere\"…' is not supported"):
        bytes_of('"elsewhere"')
