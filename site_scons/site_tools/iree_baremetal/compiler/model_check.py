"""What iree-compile lets pass up to the global-optimization phase, though nothing can come of it."""

from iree.compiler import ir

from ..errors import BaremetalError
from ..modules import parsed


def check(program, model):
    """A `BaremetalError` for what program has and iree-compile stumbles over later; model: the file it was made of."""
    with parsed(program, "global-optimization", allow_unknown=True) as module:
        unknown, absent, public = [], [], []

        def visit(op):
            if not module.context.is_registered_operation(op.name):
                unknown.append(op)
            elif op.name == "util.func" and not len(op.regions[0].blocks):
                absent.append(op)
            elif op.name == "util.func" and "private" not in str(op.attributes.get("sym_visibility", "")):
                public.append(op)
            return ir.WalkResult.ADVANCE

        module.operation.walk(visit)
        if unknown:
            where = str(unknown[0].location).removeprefix("loc(").removesuffix(")").replace('"', "")
            raise BaremetalError(
                f"{where}: '{unknown[0].name}' is no operation that IREE knows. Export the model to ONNX, or lower it to linalg."
            )
        if absent:
            raise BaremetalError(
                f"{model}: function @{absent[0].attributes['sym_name'].value} has no body; deploy=direct calls none but the model's."
            )
        if not public:
            raise BaremetalError(f"{model}: the model exports no function: make one public (func.func @name), with a body.")
