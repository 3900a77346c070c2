"""DepthToSpace and SpaceToDepth by mode: IREE's importer reads both modes as DCR (torch-mlir pull requests 4351, 4544)."""

from . import rule


@rule("DepthToSpace")
def depth_to_space(graph, node):
    """Reshape, Transpose, Reshape, as the ONNX operator's own text has it."""
    shape, size = graph.shape(node.input(0)), node.get("blocksize")
    if shape is None:
        return None
    n, c, h, w = shape
    if node.get("mode", "DCR") == "DCR":
        blocks, order = (n, size, size, c // size**2, h, w), [0, 3, 4, 1, 5, 2]
    else:
        blocks, order = (n, c // size**2, size, size, h, w), [0, 1, 4, 2, 5, 3]
    apart = graph.add("Transpose", graph.add("Reshape", node.input(0), graph.ints(*blocks)), perm=order)
    return graph.add("Reshape", apart, graph.ints(n, c // size**2, h * size, w * size))


@rule("SpaceToDepth")
def space_to_depth(graph, node):
    """The way back."""
    shape, size = graph.shape(node.input(0)), node.get("blocksize")
    if shape is None:
        return None
    n, c, h, w = shape
    blocks = graph.add("Reshape", node.input(0), graph.ints(n, c, h // size, size, w // size, size))
    order = [0, 3, 5, 1, 2, 4] if node.get("mode", "DCR") == "DCR" else [0, 1, 3, 5, 2, 4]
    apart = graph.add("Transpose", blocks, perm=order)
    return graph.add("Reshape", apart, graph.ints(n, c * size**2, h // size, w // size))
