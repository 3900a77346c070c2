"""One pass over a graph, in the order of its nodes: each is folded, rewritten by a rule, or kept.

A rule is a function ``rule(graph, node)`` that adds nodes in place of node by `Graph.add` and returns the
names of their results, one for each output of node; or returns None and leaves node as it is; or raises
`Refused`. What a rule adds goes through the same pass, so that a rule may rest on others. Types and shapes
are inferred as nodes are added, constants known, by onnx itself.
"""

import itertools

import numpy as np
import onnx
import onnx.numpy_helper
from onnx import helper

from ...errors import BaremetalError
from . import folding, functions, inference
from .bodies import bodies, rename, type_arguments
from .node import Node, Refused
from .reading import first_line


class Graph:
    """A graph being rewritten.

    opsets: {domain: version}; rules: {(domain, operator): rules, tried in this order}; source: the file, for
    messages; outer: the graph that this one is a body in.
    """

    def __init__(self, source, opsets, rules, outer=None):
        self.source, self.opsets, self.rules, self.outer = source, opsets, rules, outer
        self.types, self.tensors, self.aliases, self.nodes = {}, {}, {}, []
        self.taken = outer.taken if outer else set()
        self.numbers = outer.numbers if outer else itertools.count()
        self._values, self._current = {}, None

    @property
    def opset(self):
        """The version of ONNX's own operators; 0 where the model uses none."""
        return self.opsets.get("", 0)

    # What is known of a value.

    def resolve(self, name):
        """The name that the value name goes by now."""
        graph = self
        while graph:
            while name in graph.aliases:
                name = graph.aliases[name]
            graph = graph.outer
        return name

    def type(self, name):
        """The TypeProto of a value, or None."""
        return self._known("types", name)

    def _known(self, table, name):
        name, graph = self.resolve(name), self
        while graph:
            if name in getattr(graph, table):
                return getattr(graph, table)[name]
            graph = graph.outer
        return None

    def shape(self, name):
        """The extents of a tensor, or None where they are not all known."""
        type_ = self._known("types", name)
        if type_ is None or type_.WhichOneof("value") != "tensor_type" or not type_.tensor_type.HasField("shape"):
            return None
        extents = [d.dim_value if d.WhichOneof("value") == "dim_value" else None for d in type_.tensor_type.shape.dim]
        return None if None in extents else tuple(extents)

    def dtype(self, name):
        """The type of a tensor's elements, a TensorProto.DataType; 0 where it is not known."""
        type_ = self._known("types", name)
        return type_.tensor_type.elem_type if type_ is not None else 0

    def value(self, name):
        """The array of a constant, or None where the tensor is none."""
        if not name:
            return None
        name = self.resolve(name)
        tensor = self._known("tensors", name)
        if tensor is None:
            return None
        if name not in self._values:
            self._values[name] = onnx.numpy_helper.to_array(tensor)
        return self._values[name]

    def is_constant(self, name):
        return self._known("tensors", name) is not None

    # What rules make.

    def fresh(self, text):
        """A name that no value has."""
        base = self._current.name if self._current else ""
        while (name := f"{base}/{text}_{next(self.numbers)}") in self.taken:
            pass
        self.taken.add(name)
        return name

    def constant(self, array, dtype=None):
        """The name of a constant: array (anything NumPy takes), as a NumPy dtype or a TensorProto.DataType."""
        if isinstance(dtype, int):
            dtype = helper.tensor_dtype_to_np_dtype(dtype)
        name = self.fresh("constant")
        self._define(onnx.numpy_helper.from_array(np.asarray(array, dtype), name))
        return name

    def ints(self, *numbers):
        """The name of a constant: a vector of int64."""
        return self.constant(numbers, np.int64)

    def add(self, op, *inputs, outputs=1, domain="", **attributes):
        """Adds a node; the name of its output, or a list of the names of several. An attribute of None is absent."""
        attributes = {key: value for key, value in attributes.items() if value is not None}
        names = [self.fresh(op) for _ in range(outputs)]
        proto = helper.make_node(op, list(inputs), names, name=names[0], domain=domain, **attributes)
        self._node(proto)
        return self.resolve(names[0]) if outputs == 1 else [self.resolve(name) for name in names]

    def kept(self, op, *inputs, **attributes):
        """As `add` of one output, but no rule is asked: for what a rule leaves of its own operator."""
        name = self.fresh(op)
        self._keep(Node(helper.make_node(op, [i and self.resolve(i) for i in inputs], [name], name=name, **attributes)))
        return name

    def body(self):
        """An empty graph to be a body in this one."""
        inner = Graph(self.source, self.opsets, self.rules, self)
        inner._current = self._current
        return inner

    def argument(self, dtype, shape):
        """The name of an argument of this body."""
        name = self.fresh("argument")
        self.types[name] = helper.make_tensor_type_proto(dtype, shape)
        return name

    def proto(self, inputs, outputs, name="body"):
        """This body as a GraphProto of named inputs and outputs."""
        results = [self.fresh("result") for _ in outputs]
        for result, name in zip(results, outputs):
            self._keep(Node(helper.make_node("Identity", [self.resolve(name)], [result], name=result)))
        made = onnx.GraphProto(name=name, node=self.nodes, initializer=self.tensors.values())
        made.input.extend(helper.make_value_info(i, self.types[i]) for i in inputs)
        made.output.extend(helper.make_value_info(r, self.types[r]) for r in results)
        return made

    def imported(self, nodes, renamed):
        """Adds nodes (a function's), whose values go by renamed and otherwise by fresh names; {their name: ours}."""
        renamed = dict(renamed)
        for node in nodes:
            copied = onnx.NodeProto.FromString(node.SerializeToString())
            copied.name = self.fresh(node.op_type)
            copied.input[:] = [renamed.get(name, name) for name in node.input]
            for name in filter(None, node.output):
                renamed[name] = self.fresh(name)
            copied.output[:] = [renamed.get(name, "") for name in node.output]
            for body in bodies(copied):
                rename(body, renamed)
            self._node(copied)
        return renamed

    # The pass.

    def rewrite(self, proto):
        """proto, a GraphProto, rewritten."""
        self.taken.update(v.name for v in [*proto.input, *proto.initializer])
        self.taken.update(name for node in proto.node for name in node.output)
        for value in proto.input:
            self.types[value.name] = value.type
        for value in [*proto.value_info, *proto.output]:
            self.types.setdefault(value.name, value.type)
        for tensor in proto.initializer:
            self._define(tensor)
        for node in proto.node:
            self._current = None
            self._node(node)
        self._current = None
        return self._result(proto)

    def _result(self, proto):
        made = onnx.GraphProto(name=proto.name, input=proto.input, doc_string=proto.doc_string)
        inputs = {value.name for value in proto.input}
        for value in proto.output:
            name = self.resolve(value.name)
            produced = any(value.name in node.output for node in self.nodes)
            if name != value.name or (value.name not in inputs and not produced and name not in self.tensors):
                if not produced:
                    self.nodes.append(helper.make_node("Identity", [name], [value.name], name=value.name))
            type_ = self._known("types", name) or value.type
            made.output.append(helper.make_value_info(value.name, type_))
        made.node.extend(self.nodes)
        named = inputs | {value.name for value in proto.output}
        outputs = {name for node in self.nodes for name in node.output}
        made.value_info.extend(
            helper.make_value_info(name, type_) for name, type_ in self.types.items() if name in outputs and name not in named
        )
        made.initializer.extend(self.tensors.values())
        return made

    def _node(self, proto):
        proto = onnx.NodeProto.FromString(proto.SerializeToString())
        proto.input[:] = [name and self.resolve(name) for name in proto.input]
        node, outer = Node(proto), self._current
        self._current = outer or node
        try:
            results = None
            folded = folding.fold(self, node)
            if folded is not None:
                for name, array in zip(node.outputs, folded):
                    if name:
                        self._define(onnx.numpy_helper.from_array(array, name))
                return
            for rule in self.rules.get((node.domain, node.op), ()):
                results = rule(self, node)
                if results is not None:
                    break
            if results is None:
                results = functions.expand(self, node)
            if results is None:
                self._keep(node)
                return
        except Refused as refused:
            raise BaremetalError(f"{self.source}: {refusal(self._current, node, refused)}") from refused
        except (
            ValueError,
            TypeError,
            LookupError,
            ArithmeticError,
            RuntimeError,
        ) as error:  # of a node that is not as ONNX has it
            raise BaremetalError(
                f"{self.source}: {refusal(self._current, node, f'it cannot be read: {first_line(error)}')}"
            ) from error
        finally:
            self._current = outer
        results = [results] if isinstance(results, str) else list(results)
        for name, result in itertools.zip_longest(node.outputs, results):
            if name and result:
                self.aliases[name] = result

    def _define(self, tensor):
        self.tensors[tensor.name] = tensor
        self.types[tensor.name] = helper.make_tensor_type_proto(tensor.data_type, tensor.dims)

    def _keep(self, node):
        type_arguments(self, node)
        for body in bodies(node.proto):
            body.CopyFrom(Graph(self.source, self.opsets, self.rules, self).rewrite(body))
        self.types.update(inference.infer(self, node))
        self.nodes.append(node.proto)


def refusal(current, node, reason):
    """What to say of a node that is refused: current is the one of the file, node the one within it."""
    domain = f" of domain {current.domain}" if current.domain else ""
    within = f" (by way of {node.op})" if node.op != current.op else ""
    return f"node '{current.name}', operator {current.op}{domain}{within}: {reason}"
