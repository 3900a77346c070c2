"""A model for a core by itself is verified on the machine that its family names."""

import pytest


@pytest.mark.parametrize(
    "core, machine", [("cortex-m4f-softfp", "mps2-an386"), ("cortex-m0plus", "microbit"), ("rv32imc", "qemu-rv32-nofpu")]
)
def test_a_core(checkout, core, machine):
    model = ("model=samples/digits/digits.onnx", "inputs=samples/digits/held_out.npz")
    assert f"150 calls on {core}@{machine} agree with the host" in checkout.scons(f"board={core}", *model, "verify")
