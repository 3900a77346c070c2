"""What the image takes of each memory region, by part."""

from .markup import joined, stacked, tag


def regions(memory):
    """memory: `report.memory`'s JSON, or {}."""
    used = [(name, region) for name, region in memory.get("regions", {}).items() if region["used"]]
    return joined(*(_region(name, region["size"], region["categories"]) for name, region in used))


def _region(name, size, categories):
    used = sum(categories.values())
    parts = sorted(categories.items(), key=lambda item: -item[1])
    # A small firmware in a large memory would be a sliver: then the map shows what is used.
    if used * 4 > size:
        parts.append(("free", max(size - used, 0)))
    title = f"{name}: {used:,} of {size:,} bytes ({100 * used / size:.1f} %)"
    return tag("section", tag("h2", title), stacked(parts))
