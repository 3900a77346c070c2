"""The form of a kernel: what is taken where its rewrite has a choice, and how LLVM compiles it.

By itself each kernel has the form that an estimate finds best; `tune` measures others. As text, "" or words with commas
between: "2x3", a block of so many pixels and channels, of those that the rewrite has; "plain": its product is left to
iree-compile; "size", "speed": what LLVM compiles it for; "width8": its vectors have 8 bytes.
"""

import re
from dataclasses import dataclass, field

WIDTHS = (4, 8, 16)  # bytes of vectors
MOST, FACTOR = 4, 1.4  # other blocks of a kernel that are tried, and how much more they may take by the estimate


class Form:
    """What text asks for. blocks: names of those that the kernel could have, that of its own choice first, once it is rewritten."""

    def __init__(self, text=""):
        self.text, self.blocks, self.is_missing = text, [], False
        words = [word for word in text.split(",") if word]
        self.is_plain = "plain" in words
        self.is_small = True if "size" in words else False if "speed" in words else None
        widths = [int(word[5:]) for word in words if re.fullmatch(r"width\d+", word)]
        self.width = widths[0] if widths else None
        self.block = next((word for word in words if re.fullmatch(r"([a-z]+-)?\d+x\d+|gathered", word)), "")

    def best(self, options, cost, name, time=None):
        """The option that cost finds the least for, or the one that is asked for; blocks and is_missing are known then.

        name: gives an option's name; of options of one name the one of least cost counts. time: what the kernel takes with an
        option, about, where that is not its cost.
        """
        time, ranked = time or cost, {}
        for option in sorted(options, key=cost):
            ranked.setdefault(name(option), option)
        first = next(iter(ranked))
        others = sorted((n for n in ranked if n != first), key=lambda n: time(ranked[n]))
        limit = FACTOR * min(map(time, ranked.values()))
        self.blocks = [first, *[n for n in others if time(ranked[n]) <= limit][:MOST]]
        self.is_missing = bool(self.block) and self.block not in ranked
        return ranked.get(self.block, ranked[first])


def is_valid(text):
    """Whether text is that of a form."""
    form = Form(text)
    known = ["plain"] * form.is_plain + [form.block] * bool(form.block) + ([f"width{form.width}"] if form.width in WIDTHS else [])
    known += [] if form.is_small is None else ["size" if form.is_small else "speed"]
    return sorted(known) == sorted(word for word in text.split(",") if word)


@dataclass
class Forms:
    """Those of a program's kernels: asked, {kernel: text}; once it is rewritten others, {kernel: texts to try}, and
    shared, {kernel: the one that stands for it}."""

    asked: dict = field(default_factory=dict)
    others: dict = field(default_factory=dict)
    shared: dict = field(default_factory=dict)
    missing: list = field(default_factory=list)  # what was asked for in vain, a line each

    def numbered(self, number):
        """{kernel: text of its number-th other form} of those that have so many."""
        return {kernel: texts[number - 1] for kernel, texts in self.others.items() if number <= len(texts)}

    def note(self, dispatch, is_small, is_product, may_be_plain, widths):
        """Adds the other forms of a rewritten dispatch. is_small: whether it is compiled for size. is_product: whether
        a rewrite has taken its product, and may_be_plain: it could be left to iree-compile. widths: that its vectors could have."""
        toggled = ["speed" if is_small else "size"]
        if is_product:
            texts = [*dispatch.form.blocks[1:], *toggled, *(["plain"] if may_be_plain else [])]
        else:
            texts = [*(f"width{width}" for width in widths), *toggled]
        self.others[dispatch.name] = texts
        if dispatch.form.is_missing or dispatch.form.block and not dispatch.form.blocks:
            self.missing.append(f"{dispatch.name} has no block {dispatch.form.block}")
