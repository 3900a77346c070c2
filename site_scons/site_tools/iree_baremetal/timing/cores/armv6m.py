"""What Cortex-M0 and M0+ have in common (DDI 0432C, table 3-1; DDI 0484C, table 3-1)."""

from ..table import Rule

LOADS_AND_STORES = (
    Rule("ldr(?:b|h|sb|sh)?", 2, kind="load"),
    Rule("str(?:b|h)?", 2, kind="store"),
    Rule("ldm(?:ia)?|pop", 1, 1, kind="load"),
    Rule("stm(?:ia)?|push", 1, 1, kind="store"),
)
# The fast multiplier; a core may have been made with one of 32 cycles.
PRODUCTS = (Rule("muls?", 1, kind="multiply"),)
LEAVES_OUT = "wait states of flash and RAM; a part made with the small multiplier (32 cycles)"
