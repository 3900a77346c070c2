"""ram=: the bytes of RAM that a whole firmware may take: its data, arenas, inputs and outputs, and the stack."""

import SCons.Errors

from . import sizes

OTHER_DATA = 512  # bytes that a firmware is supposed to have beside models, their inputs and outputs, and the stack


def of(env):
    """The bytes of IREE_RAM, None without; a UserError where it is no size."""
    text = env.subst("$IREE_RAM")
    size = sizes.in_bytes(text)
    if text and size is None:
        raise SCons.Errors.UserError(f"ram={text}: not a size in bytes, as in 32K.")
    return size


def exceeded(env, report):
    """What is wrong where the image of a `report.memory.Report` takes more, or ""."""
    ram, parts = of(env), {}
    for usage in report.usages:
        for name, size in usage.categories.items() if "w" in usage.access else ():
            parts[name] = parts.get(name, 0) + size
    total = sum(parts.values())
    if ram is None or total <= ram:
        return ""
    shares = ", ".join(f"{name} {size:,}" for name, size in sorted(parts.items(), key=lambda part: -part[1]))
    other = total - parts.get("arena", 0) - parts.get("stack", 0)
    deepest = report.depth.bytes if report.depth else 0
    lines = [f"ram={env.subst('$IREE_RAM')}: {report.image} takes {total:,} bytes of RAM, {total - ram:,} too many: {shares}."]
    lines.append(
        f"No smaller arena was found, where the {other:,} bytes beside arena and stack are no more than inputs, outputs and "
        f"{OTHER_DATA} others, for which ram= leaves room. Where they are more, give a ram= that is less by the difference."
    )
    if deepest and deepest // 1024 + 1 < report.stack // 1024:
        lines.append(f"Of the stack {deepest:,} bytes are needed, at the deepest: stack={deepest // 1024 + 1}K.")
    return "\n".join(lines)
