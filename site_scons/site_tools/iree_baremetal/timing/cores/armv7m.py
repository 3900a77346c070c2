"""What the integer pipelines of Cortex-M3 and M4 have in common (DDI 0337H, table 3-1; DDI 0439B, table 3-1)."""

from ..table import Rule

_CONDITION = "(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"


def rule(pattern, *numbers, **names):
    """A `Rule` for mnemonics with any condition and width behind them."""
    return Rule(rf"(?:{pattern})s?{_CONDITION}(?:\.w|\.n)?", *numbers, **names)


LOADS = (
    rule("ldrd|ldrexd", 1, 1, kind="load"),
    rule("ldr(?:b|h|sb|sh|t|bt|ht|ex|exb|exh)?", 2, kind="load", pipelines=True),
    rule("ldm(?:ia|db|fd|ea)?|pop", 1, 1, kind="load"),
)
STORES = (
    rule("strd", 1, 1, kind="store"),
    # With the address from an immediate the write buffer takes it; table 3-1, note on "STR".
    rule("str(?:b|h|t|bt|ht|ex|exb|exh)?", 1, kind="store", pipelines=True),
    rule("stm(?:ia|db|fd|ea)?|push", 1, 1, kind="store"),
)
BRANCHES = (rule("b|bl|bx|blx|cbn?z", 1, kind="branch"), rule("tb[bh]", 2, kind="branch"))
# Early termination makes it 2 to 12: the middle.
DIVISION = (rule("[su]div", 7, kind="divide"),)
