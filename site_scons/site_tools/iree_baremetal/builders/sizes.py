"""Sizes as options have them: 4096, 16K, 1M."""

import re

_POWERS = {"": 0, "k": 10, "m": 20, "g": 30}


def in_bytes(text, suffixes="km", has_hex=False):
    """The bytes of text, as in 16K; None where it is no size. suffixes: of k, m and g; has_hex: whether 0x4000 is one, too."""
    digits = "0x[0-9a-f]+|[0-9]+" if has_hex else "[0-9]+"
    found = re.fullmatch(f"({digits})([{suffixes}]?)", text, re.IGNORECASE | re.ASCII)
    return int(found[1], 16 if found[1][:2] in ("0x", "0X") else 10) << _POWERS[found[2].lower()] if found else None
