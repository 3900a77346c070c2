"""DENSIFY: weights that the file keeps sparse."""

import numpy
from ai_edge_litert import schema_py_generated as schema
from case import Case, Typed, seeded


def _sparsity(dense):
    """(values, SparsityParametersT) of a matrix: rows dense, columns CSR."""
    segments, indices, values = [0], [], []
    for row in dense:
        at = numpy.flatnonzero(row)
        indices += at.tolist()
        values += row[at].tolist()
        segments.append(len(indices))
    made = schema.SparsityParametersT()
    made.traversalOrder, made.blockMap = [0, 1], []
    rows, columns = schema.DimensionMetadataT(), schema.DimensionMetadataT()
    rows.format, rows.denseSize = schema.DimensionType.DENSE, len(dense)
    columns.format = schema.DimensionType.SPARSE_CSR
    columns.arraySegmentsType = columns.arrayIndicesType = schema.SparseIndexVector.Int32Vector
    columns.arraySegments, columns.arrayIndices = schema.Int32VectorT(), schema.Int32VectorT()
    columns.arraySegments.values, columns.arrayIndices.values = segments, indices
    made.dimMetadata = [rows, columns]
    return numpy.array(values, dense.dtype), made


def densified(kind):
    made, generator = Typed(kind), seeded("sparse", kind)
    dense = generator.integers(-100, 100, (6, 10)) * (generator.uniform(0, 1, (6, 10)) < 0.3)
    dense = dense.astype("int8") if kind == "int8" else (dense / 50).astype("float32")
    values, parameters = _sparsity(dense)
    scale = 0.01 if kind == "int8" else None
    w = made.tensor(dense.dtype.name, dense.shape, scale, data=values.tobytes())
    made.tensors[w].sparsity = parameters
    full = made.op("DENSIFY", [w], [made.tensor(dense.dtype.name, dense.shape, scale)])
    made.op("FULLY_CONNECTED", [made.x(2, 10), full, -1], [made.y()], "FullyConnectedOptions")
    return Case("DENSIFY", kind, "", made)


CASES = [densified("float"), densified("int8")]
