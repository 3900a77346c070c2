"""What real tools refuse, and what does not fit: exit code 2, no traceback, and the mend."""

import pytest
from iree_baremetal import board


def refusal(checkout, *arguments):
    text = checkout.scons(*arguments, code=2)
    assert "Traceback" not in text
    return text


def of_model(checkout, text, name="wrong.mlir"):
    return refusal(checkout, f"model={checkout.write(f'models/{name}', text)}", "board=mps2-an386", "run")


def test_a_model_that_is_not_mlir(checkout):
    text = of_model(checkout, "this is no model\n")
    assert "wrong.mlir" in text and ":1:1" in text and "error:" in text


def test_a_model_that_is_not_onnx(checkout):
    assert "wrong.onnx is not a valid ONNX model" in of_model(checkout, "this is no model\n", "wrong.onnx")


def test_a_dynamic_dimension(checkout):
    text = of_model(
        checkout,
        """
func.func @twice(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = arith.addf %x, %x : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
""",
        "dynamic.mlir",
    )
    assert "@twice" in text and "dimension 0 of input 0 is dynamic" in text and "static shapes" in text


def test_data_that_decides_what_is_done(checkout):
    text = of_model(
        checkout,
        """
func.func @choose(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %condition = tensor.extract %c[] : tensor<i1>
  %r = scf.if %condition -> tensor<4xf32> {
    %y = arith.addf %x, %x : tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
""",
        "choose.mlir",
    )
    assert "deploy=direct cannot express" in text and "in @choose at choose.mlir:" in text and "deploy=static" in text


@pytest.mark.parametrize("region, size", [("FLASH", 16), ("RAM", 8)])
def test_a_sample_that_does_not_fit(checkout, region, size):
    regions = {"FLASH": 1024, "RAM": 128, region: size}
    checkout.write(
        "own_boards/small.py",
        f"""
base = "stm32f4"
description = "a part of the family with little memory"
memory = {{
    "FLASH": Region(0x08000000, {regions["FLASH"]} * KB, "rx"),
    "RAM": Region(0x20000000, {regions["RAM"]} * KB),
}}
""",
    )
    text = refusal(checkout, "board=small", "boards_path=own_boards", "sample=digits")
    assert f"{region} of small: digits.elf takes " in text and "too many" in text
    assert "kernels" in text and "It would fit: " in text
    assert not (checkout.folder / "build/small/digits/digits.elf").exists()


def test_a_declared_stack_that_is_too_small(checkout):
    stack = board.load("stm32f4").stack
    assert stack > 256
    checkout.write("own_boards/shallow.py", 'base = "stm32f4"\ndescription = "a shallow stack"\nstack = 256\n')
    text = refusal(checkout, "board=shallow", "boards_path=own_boards", "sample=digits")
    assert "stack of shallow: digits.elf takes " in text and "Build with stack=1K, or raise 'stack'" in text
    assert "It would fit" not in text  # it does here, as the message says how
    assert "149 of 150 right" in checkout.scons("board=shallow", "boards_path=own_boards", "sample=digits", "stack=1K", "run")
