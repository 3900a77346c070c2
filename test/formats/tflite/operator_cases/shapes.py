"""What moves elements and leaves them as they are."""

from case import Case, Typed

KINDS = ("int8", "float")
MORE = ("int8", "int16", "float", "uint8", "int32")
UNCHANGED = (-4, 6)


def move(operator, kind, variant="", shape=(2, 3, 4), constants=(), outputs=1, options=None, first=False, **fields):
    """constants: integers that follow the input (first: that precede it)."""
    made = Typed(kind)
    x = made.x(*shape)
    numbers = [made.integers(c) for c in constants]
    inputs = [*numbers, x] if first else [x, *numbers]
    made.op(operator, inputs, [made.y(*UNCHANGED) for _ in range(outputs)], options, **fields)
    return Case(operator, kind, variant, made, exact=True)


def many(operator, kind, variant="", shapes=((2, 3), (2, 3)), options=None, **fields):
    made = Typed(kind)
    made.op(operator, [made.x(*s) for s in shapes], [made.y(*UNCHANGED)], options, **fields)
    return Case(operator, kind, variant, made, exact=True)


def rescaled_concatenation(kind, fused="NONE"):
    """uint8 may have inputs of several scales."""
    made = Typed(kind)
    inputs = [made.x(2, 3, low=-1, high=2), made.x(2, 4), made.x(2, 1, low=-7, high=1)]
    made.op("CONCATENATION", inputs, [made.y(*UNCHANGED)], "ConcatenationOptions", axis=1, fusedActivationFunction=fused)
    return Case("CONCATENATION", kind, "rescaled", made)


def padded(kind, variant, value, shape=(1, 3, 4, 2), pads=((0, 0), (1, 2), (0, 3), (1, 0))):
    made = Typed(kind)
    x = made.x(*shape)
    inputs = [x, made.integers(pads)]
    if value is not None:
        inputs.append(made.c(value))
    made.op("PAD" if value is None else "PADV2", inputs, [made.y(*UNCHANGED)], "PadOptions" if value is None else "PadV2Options")
    return Case("PAD" if value is None else "PADV2", kind, variant, made, exact=True)


def gather(kind, variant, indices, axis=0, batch=0, shape=(4, 3, 5)):
    made = Typed(kind)
    made.op("GATHER", [made.x(*shape), made.integers(indices)], [made.y(*UNCHANGED)], "GatherOptions", axis=axis, batchDims=batch)
    return Case("GATHER", kind, variant, made, exact=True)


def gather_at_run_time(kind="float"):
    made = Typed(kind)
    indices = made.input("int32", (2, 3))
    made.op("GATHER", [made.x(4, 3, 5), indices], [made.y(*UNCHANGED)], "GatherOptions", axis=1)
    return Case("GATHER", kind, "at_run_time", made, 0, 2, exact=True)


def strided(kind, variant, begin, end, strides, shape=(3, 4, 5), **masks):
    return move("STRIDED_SLICE", kind, variant, shape, (begin, end, strides), options="StridedSliceOptions", **masks)


def one_hot(kind, axis=-1, variant=""):
    made = Typed(kind)
    indices = made.input("int32", (3, 4))
    made.op("ONE_HOT", [indices, made.integers(5), made.c(2.5), made.c(-1)], [made.y(*UNCHANGED)], "OneHotOptions", axis=axis)
    return Case("ONE_HOT", kind, variant, made, -2, 6, exact=True)


def filled(kind):
    """A constant of a shape that is known, added to the input so that there is one."""
    made = Typed(kind)
    x = made.x(2, 3)
    f = made.op("FILL", [made.integers([2, 3]), made.c(3)], [made.y(*UNCHANGED)])
    made.op("ADD", [x, f], [made.y(-9, 13)], "AddOptions")
    return Case("FILL", kind, "", made)


def zeros(kind):
    made = Typed(kind)
    x = made.x(2, 3)
    z = made.op("ZEROS_LIKE", [x], [made.y(*UNCHANGED)])
    made.op("ADD", [x, z], [made.y(-9, 13)], "AddOptions")
    return Case("ZEROS_LIKE", kind, "", made)


def shape_of(type_="int32"):
    made = Typed("float")
    x = made.x(2, 3, 5)
    made.op("SHAPE", [x], [made.tensor(type_)], "ShapeOptions", outType=2 if type_ == "int32" else 4)
    return Case("SHAPE", type_, "", made)


def reshaped_by_shape():
    """What converters leave of x.reshape(x.shape[0], -1): SHAPE, STRIDED_SLICE, PACK, RESHAPE."""
    made = Typed("float")
    x = made.x(2, 3, 5)
    s = made.op("SHAPE", [x], [made.tensor("int32", (3,))], "ShapeOptions", outType=2)
    first = made.op(
        "STRIDED_SLICE",
        [s, made.integers([0]), made.integers([1]), made.integers([1])],
        [made.tensor("int32", ())],
        "StridedSliceOptions",
        shrinkAxisMask=1,
    )
    packed = made.op("PACK", [first, made.integers(15)], [made.tensor("int32", (2,))], "PackOptions", valuesCount=2, axis=0)
    made.op("RESHAPE", [x, packed], [made.y()], "ReshapeOptions", newShape=[])
    return Case("SHAPE", "float", "of_a_reshape", made)


def ranged():
    made = Typed("float")
    x = made.x(2, 4)
    r = made.op("RANGE", [made.c(1), made.c(9), made.c(2)], [made.tensor("float32", (4,))])
    made.op("ADD", [x, r], [made.y()], "AddOptions")
    return Case("RANGE", "float", "", made)


def rank():
    made = Typed("int32")
    made.op("RANK", [made.x(2, 3, 5)], [made.tensor("int32")])
    return Case("RANK", "int32", "", made)


def embedding(kind):
    made = Typed(kind)
    from case import seeded

    ids = made.input("int32", (4,))
    made.op("EMBEDDING_LOOKUP", [ids, made.c(seeded("embedding").uniform(-4, 6, (6, 2, 3)))], [made.y(*UNCHANGED)])
    return Case("EMBEDDING_LOOKUP", kind, "", made, 0, 5, exact=True)


def broadcast_to(kind):
    return move("BROADCAST_TO", kind, "", (2, 1, 3), ([4, 2, 5, 3],), version=2)


def update_slice(kind):
    made = Typed(kind)
    made.op("DYNAMIC_UPDATE_SLICE", [made.x(4, 5), made.x(2, 3), made.integers([1, 2])], [made.y(*UNCHANGED)])
    return Case("DYNAMIC_UPDATE_SLICE", kind, "", made, exact=True)


CASES = [move("RESHAPE", kind, constants=([4, 6],), options="ReshapeOptions", newShape=[4, 6]) for kind in MORE]
CASES += [
    move("RESHAPE", "float", "option", options="ReshapeOptions", newShape=[2, -1]),
    move("RESHAPE", "float", "inferred", constants=([-1, 2, 2],), options="ReshapeOptions", newShape=[]),
]
CASES += [move("TRANSPOSE", kind, constants=([2, 0, 1],), options="TransposeOptions") for kind in MORE]
CASES += [move("TRANSPOSE", kind, "deep", (2, 3, 1, 2, 4), ([4, 1, 3, 0, 2],), options="TransposeOptions") for kind in KINDS]
CASES += [move("EXPAND_DIMS", kind, constants=([axis],), variant=v) for kind in KINDS for axis, v in ((1, ""), (-1, "last"))]
CASES += [
    move("SQUEEZE", kind, shape=(1, 3, 1, 4), options="SqueezeOptions", squeezeDims=d, variant=v)
    for kind in KINDS
    for d, v in (([], ""), ([2, -4], "some"))
]
for kind in ("int8", "int16", "float", "uint8"):
    CASES += [padded(kind, "", None), padded(kind, "", 2.5)]
CASES += [
    padded("int32", "", None),
    padded("float", "vector", None, (5,), ((2, 1),)),
    padded("int8", "deep", None, (2, 1, 3, 2, 2), ((0, 1), (1, 0), (0, 0), (2, 0), (0, 1))),
]
for mode in ("REFLECT", "SYMMETRIC"):
    CASES += [
        move("MIRROR_PAD", kind, mode.lower(), (3, 4), ([[1, 2], [2, 1]],), options="MirrorPadOptions", mode=mode)
        for kind in KINDS
    ]
CASES += [move("SLICE", kind, constants=([0, 1, 2], [2, 2, 1])) for kind in MORE]
CASES += [
    move("SLICE", "float", "rest", constants=([1, 0, 1], [-1, 2, -1])),
    move("SLICE", "int8", "rest", constants=([0, 1, 1], [-1, -1, 2])),
]
for kind in ("int8", "float"):
    CASES += [
        strided(kind, "", [0, 1, 1], [3, 4, 5], [1, 2, 3]),
        strided(kind, "backwards", [-1, 3, 4], [0, -5, 0], [-1, -1, -2]),
        strided(kind, "masks", [1, 1, 1], [2, 2, 4], [1, 1, 2], beginMask=1, endMask=2),
        strided(kind, "shrunk", [1, 0, -1], [2, 4, 5], [1, 1, 1], shrinkAxisMask=5),
        strided(kind, "ellipsis", [0, 1], [0, 3], [1, 1], ellipsisMask=1),
        strided(kind, "new_axis", [0, 0, 1], [0, 2, 3], [1, 1, 1], newAxisMask=1),
        strided(kind, "beyond", [-9, 1, 0], [9, 99, 4], [2, 1, 1]),
    ]
CASES += [strided(kind, "", [0, 1, 1], [3, 4, 5], [1, 2, 3]) for kind in ("int16", "uint8", "int32", "bool")]
for kind in MORE:
    CASES.append(
        move("SPLIT", kind, shape=(2, 6, 3), constants=([1],), outputs=3, first=True, options="SplitOptions", numSplits=3)
    )
CASES += [move("SPLIT", "float", "last", (2, 6, 4), ([-1],), 2, "SplitOptions", True, numSplits=2)]
CASES += [
    move("SPLIT_V", kind, shape=(2, 7, 3), constants=([2, -1, 1], 1), outputs=3, options="SplitVOptions", numSplits=3)
    for kind in ("int8", "int16", "float")
]
for kind in ("int8", "int16", "float", "uint8", "int32"):
    CASES.append(many("CONCATENATION", kind, "", ((2, 3, 4), (2, 1, 4), (2, 2, 4)), "ConcatenationOptions", axis=1))
CASES += [many("CONCATENATION", kind, "last", ((2, 3), (2, 5)), "ConcatenationOptions", axis=-1) for kind in KINDS]
CASES += [rescaled_concatenation("uint8")]
CASES += [
    many("PACK", kind, f"{axis}" if axis else "", ((2, 3), (2, 3), (2, 3)), "PackOptions", valuesCount=3, axis=axis)
    for kind in ("int8", "float", "int16", "int32")
    for axis in (0, 1, -1)
]
CASES += [
    move("UNPACK", kind, "", (3, 2, 4), outputs=2, options="UnpackOptions", num=2, axis=1)
    for kind in ("int8", "float", "uint8", "int32")
]
for kind in ("int8", "float", "int16", "int32"):
    CASES.append(gather(kind, "", [3, 0, 2, 2]))
for kind in KINDS:
    CASES += [
        gather(kind, "table", [[3, 0], [1, 2]], axis=-1),
        gather(kind, "batch", [[0, 2], [1, 1], [2, 0], [1, 2]], 1, 1),
        gather(kind, "scalar", 1, 1),
    ]
    CASES.append(move("GATHER_ND", kind, shape=(3, 4, 5), constants=([[2, 1], [0, 3]],)))
CASES += [gather_at_run_time(), move("GATHER_ND", "float", "elements", (3, 4), ([[[2, 1], [0, 3]], [[1, 1], [2, 2]]],))]
CASES += [move("TILE", kind, constants=([1, 2, 3],)) for kind in ("float", "int32", "int8", "uint8")]
CASES += [broadcast_to(kind) for kind in ("int8", "float", "int32")]
CASES += [move("SPACE_TO_DEPTH", kind, shape=(2, 4, 6, 3), options="SpaceToDepthOptions", blockSize=2) for kind in KINDS]
CASES += [move("DEPTH_TO_SPACE", kind, shape=(2, 2, 3, 8), options="DepthToSpaceOptions", blockSize=2) for kind in KINDS]
for kind in ("int8", "float", "uint8", "int16"):
    CASES.append(move("BATCH_TO_SPACE_ND", kind, shape=(4, 2, 3, 2), constants=([2, 2], [[0, 1], [1, 0]])))
    CASES.append(move("SPACE_TO_BATCH_ND", kind, shape=(1, 3, 5, 2), constants=([2, 3], [[1, 0], [0, 1]])))
CASES += [
    move("SPACE_TO_BATCH_ND", "float", "rows", (2, 5, 3), ([2], [[1, 0]])),
    move("BATCH_TO_SPACE_ND", "float", "rows", (4, 3, 3), ([2], [[1, 0]])),
]
CASES += [move("REVERSE_V2", kind, shape=(3, 4, 2), constants=([1],)) for kind in ("float", "uint8", "int16", "int32")]
CASES += [move("REVERSE_V2", "float", "two", (3, 4, 2), ([0, 1],)), move("REVERSE_V2", "float", "last", (3, 4, 2), ([-1],))]
CASES += [one_hot(kind) for kind in ("float", "int8", "int32")] + [one_hot("float", 0, "first")]
CASES += [filled(kind) for kind in ("float", "int8", "int32")] + [zeros("float"), zeros("int32")]
CASES += [shape_of(), shape_of("int64"), reshaped_by_shape(), ranged(), rank()]
CASES += [embedding(kind) for kind in ("float",)]
CASES += [update_slice(kind) for kind in ("float", "int8", "int32")]
