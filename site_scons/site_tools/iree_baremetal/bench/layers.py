"""Layers by the model's own names: which of its nodes each dispatch computes, as `nodes` has read them."""

# They move, hold or reshape what others compute: a layer of others is not called after them.
_BESIDE = {
    "QuantizeLinear",
    "DequantizeLinear",
    "Constant",
    "Identity",
    "Reshape",
    "Flatten",
    "Squeeze",
    "Unsqueeze",
    "RESHAPE",
    "Cast",
}
_NAMED = 3  # nodes in a label


def of(layers, kernel, location):
    """[{"operator", "name", "rest"}] of the nodes that a dispatch of kernel computes, in the model's order.

    rest: whether it is only what another dispatch, begun for this node, leaves over, such as a copy before it.

    location: that of this dispatch in the plan. Dispatches alike share a kernel, which names the nodes of one: those of
    the others are as far from their location, where the operators are the same.
    """
    nodes, order = layers["nodes"], {place: number for number, place in enumerate(layers["nodes"])}
    keys = list(nodes)
    own = next((found for name, found in layers["dispatches"].items() if kernel == name or kernel.startswith(f"{name}_")), [])
    numbers = sorted({order[place] for place in own if place in order})
    here = order.get(key(location))
    if here is not None and here not in numbers:
        twin = next((n for n in numbers if nodes[keys[n]][0] == nodes[keys[here]][0]), None)
        moved = [] if twin is None else [(n, n + here - twin) for n in numbers]
        numbers = [m for n, m in moved if 0 <= m < len(keys) and nodes[keys[n]][0] == nodes[keys[m]][0]] or [here]
    others = {order[root] for root in layers["roots"] if root in order} - ({here} if own else set())
    return [{"operator": nodes[keys[n]][0], "name": nodes[keys[n]][1], "rest": n in others} for n in numbers]


def named(nodes):
    """Those of a layer's nodes that it is called after."""
    whole = [node for node in nodes if not node["rest"]] or nodes
    return [node for node in whole if node["operator"] not in _BESIDE] or whole


def label(nodes, kernel):
    """One line for a layer: its nodes, or the kernel's name where there are none."""
    called = named(nodes)
    # TensorFlow's converter joins the names of what it fused, the last of them first.
    parts = [f"{node['operator']} {node['name'].partition(';')[0]}".strip() for node in called]
    begin = "" if not parts or not called[0]["rest"] else "copy for " if kernel.endswith("memcpy") else "part of "
    more = f" + {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
    return begin + " + ".join(parts[:_NAMED]) + more or kernel.replace("$async", "")


def line(place):
    parts = place.rsplit(":", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit() else 0


def key(place):
    """A place without its column."""
    return place.rsplit(":", 1)[0] if line(place) else place
