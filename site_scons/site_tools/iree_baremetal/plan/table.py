"""What every operation of a host program means: filled by `integers` and `operations`.

Every function takes the `routine.Routine`, the operation and its operands' values, and returns the
results' values as a list. The operands' order is that of upstream's
compiler/src/iree/compiler/Dialect/{HAL,Util}/IR/*Ops.td.
"""

TABLE = {}


def operation(*names):
    """Decorates the function that says what the operations of these names mean."""

    def register(function):
        TABLE.update(dict.fromkeys(names, function))
        return function

    return register
