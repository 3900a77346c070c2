"""The format .tflite: TensorFlow Lite's flatbuffers, imported without TensorFlow, bit for bit as its reference kernels.

=================  =======================================================================================
flatbuffer.py      tables and vectors of a flatbuffer, each access within the file or refused
reading.py         the file as a `graph.Model`: subgraphs, tensors with their numbers, operators with options
shapes.py          what dims= and shapes= say of dynamic dimensions
lowering.py        an MLIR function for each entry; its operators in their order
registry.py        operator's name -> the function that lowers it
node.py            `Node`: what that function sees of its operator
emit.py            the MLIR it is made of: generic, elementwise, reduced, reshape, pad, extract, …
quantization.py    multipliers, ranges of fused activations, the roundings of the reference kernels
rescale.py         from the sums of a product to its quantized result
tables.py          functions of one number of 8 bits as tables of 256, of 16 bits interpolated
fixed_point.py     gemmlowp's functions, as softmax and the like use them
operators/         the operators, one family a file
state.py           variables: what is kept between calls
sparsity.py        sparse weights made dense
importer.py        import_model(), which formats/__init__.py finds
reference.py       what LiteRT answers
=================  =======================================================================================

Adding an operator
------------------
Write one function in the file of its family in operators/ (a new file is found by itself)::

    @operator("NEG", "float32", "int32")
    def neg(node):
        if node.kind == "float32":
            return emit.elementwise(arith.negf, emit.f32(), node.value(0))
        return emit.elementwise(lambda x: arith.subi(emit.number(x.type, 0), x), emit.i32(), node.value(0))

- ``@operator("A B", *kinds, of=0)``: for the operators A and B, where the elements of input ``of`` are of one of the
  kinds (TensorFlow Lite's names in small letters; int4 is unpacked to int8). ``node.name`` tells A from B. Any other kind
  is refused by name before the function is called; kinds are also the table in docs/tflite.md.
- The function returns the result, or a list of results: each an `ir.Value`, or a NumPy array where the result is known at
  import: an operator whose inputs are all constants (``node.constant(n)`` is an array, not None) may fold itself, and
  what computes shapes (SHAPE, PACK, STRIDED_SLICE, …) has to. Element types have to be those of ``node.outputs``.
- Shapes are those of the values (``node.shape(n)``, ``emit.shape(value)``), never of the file's tensors: with dims= and
  shapes= they differ. Everything is static. Numbers that decide of sizes are taken by ``node.integers(n, "axes")``, which
  refuses what is computed at run time.
- ``node.inputs[n]`` and ``node.outputs[n]`` are `graph.Tensor`s: dtype, scales, zeros, axis, and of those quantized as a
  whole ``zero`` and, by ``node.scale(tensor)``, the scale. ``node.option("Axis", 0)`` is an option, in the spelling of the
  package tflite, with what it is if the file has no table of options.
- MLIR's integers are signless: a uint8 tensor is of i8. ``quantization.widened(x, tensor)`` extends a scalar as its
  tensor has it; ``node.signed(n)`` gives (value, zero point) of any quantized input as int8 that is 128 less.
- Weights may be float16, or int8 beside float activations ("hybrid"): ``node.real(n)`` dequantizes them at import.
- ``raise node.error("its axis is 7, of 4 dimensions")`` names file, operator and output by itself.
- Integers have to be those of LiteRT's reference kernels (OpResolverType.BUILTIN_REF), bit for bit: scales are float32 in
  the file, and Python's floats are C's double. ``quantization.multiplier(real)`` is QuantizeMultiplier(),
  ``double_rounded`` MultiplyByQuantizedMultiplier(), ``rounding_shift`` RoundingDivideByPOT(). Where a kernel looks at 256
  inputs only, compute the table in Python and use ``emit.looked_up``.

State: ``node.state(n, extents)`` is the `state.Variable` of input n, which lasts from call to call: ``read()`` it, and
``write(value)`` what it is next.
"""
