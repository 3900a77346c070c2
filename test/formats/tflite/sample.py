"""A part of the cases that stays the same: each operator at least once, each in another type."""

import zlib


def sample(cases, count):
    """At least count of cases: the first of each operator whose name sorts first by its checksum, then others."""
    ordered = sorted(cases, key=lambda c: zlib.crc32(c.name.encode()))
    firsts = {}
    for case in ordered:
        firsts.setdefault(case.operator, case)
    chosen = {c.name for c in firsts.values()}
    for case in ordered:
        if len(chosen) >= count:
            break
        chosen.add(case.name)
    return [c for c in cases if c.name in chosen]
