"""IF and WHILE whose conditions are known before they run."""

from case import Case, Typed


def branch(condition):
    made, then, other = Typed("float"), Typed("float"), Typed("float")
    for body, operator in ((then, "ADD"), (other, "MUL")):
        body.op(operator, [body.x(2, 3), body.c([3.0])], [body.y()], {"ADD": "AddOptions", "MUL": "MulOptions"}[operator])
    made.add(then), made.add(other)
    c = made.constant(condition)
    made.op("IF", [c, made.x(2, 3)], [made.y()], "IfOptions", thenSubgraphIndex=1, elseSubgraphIndex=2)
    return Case("IF", "float", str(bool(condition)).lower(), made)


def loop(count):
    """y = 2 x + 1, count times."""
    made, test, body = Typed("float"), Typed("float"), Typed("float")
    n = test.input("int32", ())
    test.x(2, 3)
    test.op("LESS", [n, test.integers(count)], [test.tensor("bool", ())])
    n, x = body.input("int32", ()), body.x(2, 3)
    following = body.op("ADD", [n, body.integers(1)], [body.tensor("int32", ())], "AddOptions")
    double = body.op("ADD", [x, x], [body.tensor("float32", (2, 3))], "AddOptions")
    more = body.op("ADD", [double, body.c([1.0])], [body.tensor("float32", (2, 3))], "AddOptions")
    body.outputs = [following, more]
    made.add(test), made.add(body)
    start = made.integers(0)
    outputs = [made.tensor("int32", ()), made.tensor("float32", (2, 3))]
    made.op("WHILE", [start, made.x(2, 3)], outputs, "WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2)
    made.outputs = outputs[1:]
    return Case("WHILE", "float", f"{count}_times", made)


import numpy  # noqa: E402

CASES = [branch(numpy.array(True)), branch(numpy.array(False)), loop(3), loop(0)]
