"""Models that are none, or that no board can run: .onnx, .mlir, .mlirbc."""

from cases.models import calls, mlir, onnx

CASES = [*mlir.CASES, *onnx.CASES, *calls.CASES]
