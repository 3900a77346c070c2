"""A model to MLIR: a function for each entry of the model, its operators lowered in their order."""

import numpy
from iree.compiler import ir
from iree.compiler.dialects import func

from ...errors import BaremetalError
from . import emit, registry
from .flatbuffer import Malformed
from .node import Node
from .state import Variables


class Lowering:
    """What the functions of a model share. module: the MLIR module; subgraph: the one that is lowered now."""

    def __init__(self, model, module):
        self.model, self.module, self.subgraph = model, module, None
        self.entries = registry.entries()
        self.variables, self.is_initializing, self._initialized = Variables(), False, set()

    def function(self, name, subgraph, shapes):
        """Adds the function for subgraph; shapes: {input: its sizes}."""
        check(self.model, subgraph, self.entries)
        types = [ir.RankedTensorType.get(shapes[t], self.border_type(t)) for t in subgraph.inputs]
        with ir.InsertionPoint(self.module.body):
            made = func.FuncOp(name, (types, []), visibility="public")
        block = made.add_entry_block()
        with ir.InsertionPoint(block):
            results = self.results(subgraph, dict(zip(subgraph.inputs, block.arguments)))
            values = [r if isinstance(r, ir.Value) else emit.constant(r) for r in results]
            func.ReturnOp(values)
        made.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(types, [v.type for v in values]))

    def finish(self):
        """Adds what the functions have used."""
        self.variables.declare(self.module)

    def initialize(self, number):
        """Runs subgraph number, which gives variables their first content, now."""
        if number in self._initialized:
            return
        self._initialized.add(number)
        check(self.model, self.model.subgraphs[number], self.entries)
        outer, self.is_initializing = self.is_initializing, True
        self.results(self.model.subgraphs[number], {})
        self.is_initializing = outer

    def border_type(self, tensor):
        """The element type of an input or output; an error for one that a board cannot take."""
        type_ = emit.element(tensor.dtype)
        if type_ is None:
            raise BaremetalError(
                f"{self.model.source}: {tensor.label} has elements of type {tensor.dtype}; a board takes and gives numbers."
            )
        return type_

    def results(self, subgraph, known):
        """What subgraph's outputs are, given known: {input: its value or array}. At the current insertion point."""
        outer, self.subgraph = self.subgraph, subgraph
        known = {t: t.data for t in subgraph.tensors if t.data is not None} | known
        for operator in subgraph.operators:
            with ir.Location.name(operator.label):
                self._lower(operator, known)
        results = []
        for tensor in subgraph.outputs:
            if tensor not in known:
                raise BaremetalError(f"{self.model.source}: {tensor.label} is an output that no operator computes.")
            results.append(known[tensor])
        self.subgraph = outer
        return results

    def _lower(self, operator, known):
        entry = self.entries[operator.name]
        tensor = operator.inputs[entry.of] if entry.of < len(operator.inputs) else None
        node = Node(self, operator, tensor and tensor.dtype, known)
        for given in operator.inputs:
            if given is not None and given not in known:
                if given.is_variable:
                    continue  # its state: operators/ that have some know it
                raise node.error(f"its input, {given.label}, is computed by no operator before it")
        if entry.kinds and node.kind not in entry.kinds:
            raise node.error(f"it is not supported for elements of type {node.kind}; it is for {', '.join(entry.kinds)}")
        results = self._call(entry.function, node)
        if len(results) < len(operator.outputs):
            raise node.error(f"it has {len(operator.outputs)} outputs, {len(results)} are computed")
        for output, result in zip(operator.outputs, results):
            self._check(node, output, result)
            known[output] = result

    @staticmethod
    def _call(function, node):
        """The list of function's results. It takes the operator to be as the schema says; where it is not, that is told."""
        try:
            results = function(node)
        except Malformed as error:
            raise node.error(str(error)) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ir.MLIRError) as error:
            said = [line for line in str(error).splitlines() if line.strip()][:2]
            raise node.error(
                f"its inputs and options do not fit each other ({type(error).__name__}: {' '.join(said)})"
            ) from error
        return results if isinstance(results, (list, tuple)) else [results]

    @staticmethod
    def _check(node, output, result):
        if isinstance(result, ir.Value):
            found, wanted = emit.element_of(result), emit.element(output.dtype)
            if found != wanted:
                raise node.error(f"{output.label} is of type {output.dtype}, its result of {found}")
        elif isinstance(result, numpy.ndarray) and result.dtype.name != output.dtype:
            raise node.error(f"{output.label} is of type {output.dtype}, its result of {result.dtype.name}")


def check(model, subgraph, entries):
    """A `BaremetalError` for the first operators of subgraph that no function lowers."""
    unknown = {}
    for operator in subgraph.operators:
        if operator.is_custom or operator.name not in entries:
            unknown.setdefault(operator.name, operator)
    if unknown:
        lines = [f"  {'custom ' * o.is_custom}{o.label}" for o in unknown.values()]
        known = ", ".join(sorted(entries))
        raise BaremetalError(
            f"{model.source}: {'an operator is' if len(lines) == 1 else f'{len(lines)} operators are'} not supported:\n"
            + "\n".join(lines)
            + f"\nSupported: {known}."
        )
