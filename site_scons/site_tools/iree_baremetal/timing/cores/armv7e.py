"""Mnemonics of Armv7E-M and Armv8.1-M, in the groups in which LLVM's scheduling models of Cortex-M7 and M85 have them."""

_CONDITION = "(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"


def named(pattern):
    """The pattern of mnemonics with any condition and width behind them."""
    return rf"(?:{pattern})s?{_CONDITION}(?:\.w)?"


LOAD, SMALL_LOAD, LOAD_DOUBLE = named("ldr(?:ex)?|pld"), named("ldrs?[bh](?:t|ex)?|ldrex[bh]"), named("ldrd")
LOAD_MANY, STORE_MANY = named("ldm(?:ia|db)?|pop"), named("stm(?:ia|db)?|push")
STORE, STORE_DOUBLE = named("str(?:ex)?[bh]?"), named("strd")
PRODUCT = named("mul|[su]mull|smul\\w*|smmul\\w*|smu[as]d\\w*")
ACCUMULATION = named("ml[as]|[su]mlal|umaal|sml\\w*|smml\\w*|usada8")
DIVISION = named("[su]div")
SHIFT = named("lsl|lsr|asr|ror")
SATURATE, EXTEND = named("[su]sat|q[ds]\\w+"), named("[su]xt[bh]")
EXTEND_ADD = named("[su]xta[bh]|[su]xta?b16|pkh(?:bt|tb)|[su]bfx|bf[ci]")
PARALLEL = named("(?:[su]h?|q|uq)(?:add|sub|asx|sax)(?:8|16)?|sel|usad8")
REVERSE = named("rev(?:16|sh)?|rbit")
TABLE_BRANCH, BRANCH = named("tb[bh]"), named("b|bl|bx|blx|cbn?z")
SYSTEM = named("mrs|msr|dmb|dsb|isb|svc|bkpt|clrex")
