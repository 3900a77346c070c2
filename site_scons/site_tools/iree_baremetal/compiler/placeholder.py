"""A kernel that nobody calls, for models without any.

A model that only reshapes or copies has no dispatch, and of such a one iree-compile writes no
static library. With this one it does; the linker drops it.
"""

from iree.compiler import ir

from ..errors import BaremetalError
from ..modules import operations

_TENSOR = "!iree_tensor_ext.dispatch.tensor<writeonly:tensor<i8>>"
_EXECUTABLE = f"""
flow.executable public @placeholder {{
  flow.executable.export public @placeholder_kernel workgroups() -> (index, index, index) {{
    %c1 = arith.constant 1 : index
    flow.return %c1, %c1, %c1 : index, index, index
  }}
  builtin.module {{
    func.func @placeholder_kernel(%out: {_TENSOR}) {{
      %zero = arith.constant dense<0> : tensor<i8>
      iree_tensor_ext.dispatch.tensor.store %zero, %out, offsets = [], sizes = [], strides = [] : tensor<i8> -> {_TENSOR}
      return
    }}
  }}
}}
"""


def add(module):
    """Adds it to a module at the flow phase that has no dispatch; whether that was so."""
    if operations(module, "flow.executable"):
        return False
    if not any(_results(op) for op in operations(module, "util.func")):
        raise BaremetalError("the model computes nothing: none of its functions has a result.")
    made = ir.Module.parse(_EXECUTABLE)
    ir.InsertionPoint.at_block_begin(module.body).insert(made.body.operations[0].operation.clone())
    return True


def _results(op):
    return op.attributes["function_type"].value.results
