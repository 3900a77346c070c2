"""The taps of one channel of a depthwise product, in registers, and what is multiplied by them."""

from . import emit


class SingleTaps:
    """The taps of one channel, each in a register."""

    def __init__(self, loops, channel):
        self.loops, self.channel = loops, channel
        rows = emit.box(loops.extents(loops.rows))
        self.taps = {(row, tap): emit.widened(self.weight(row, tap)) for row in rows for tap in range(loops.taps)}

    def weight(self, row, tap):
        product = self.loops.product
        place = self.channel | dict(zip(self.loops.rows, map(emit.index, row))) | {self.loops.tap: emit.index(tap)}
        return emit.load(product.weights.value, *(place[e.position] for e in product.weights_map.results))

    def multiply(self, row, taps, value, total):
        """total with value times the one tap that it meets."""
        return emit.multiply_add(value, self.taps[row, taps[0]], total)


class FloatTaps(SingleTaps):
    """The taps of one channel of floats."""

    def __init__(self, loops, channel):
        self.loops, self.channel = loops, channel
        self.taps = {
            (row, tap): self.weight(row, tap) for row in emit.box(loops.extents(loops.rows)) for tap in range(loops.taps)
        }

    def multiply(self, row, taps, value, total):
        return emit.multiply_add_floats(value, self.taps[row, taps[0]], total)


class PairedTaps(SingleTaps):
    """The taps of one channel in registers, two in each."""

    def __init__(self, loops, channel):
        self.loops, self.channel, self.places = loops, channel, {}
        pairs = loops.pairs()
        words = self._load(len(pairs)) if loops.packed else (emit.pair(*(self.weight(*tap) for tap in pair)) for pair in pairs)
        self.words = dict(zip(pairs, words))
        for pair, word in self.words.items():
            for half, tap in enumerate(pair):
                self.places.setdefault(tap, (word, half))

    def _load(self, count):
        """So many words of packed taps."""
        outer = [*self.loops.product.groups, *self.loops.product.channels]
        start = emit.scaled(emit.flat([self.channel[loop] for loop in outer], self.loops.extents(outer)), -(-count // 2))
        for number in range(count):
            four = emit.load(self.loops.packed, emit.plus(start, number // 2))
            yield emit.intrinsic("llvm.arm.sxtb16", emit.rotated(four, number % 2 * 8))

    def multiply(self, row, taps, value, total):
        """total with the taps that meet the halves of value."""
        if None not in taps and len(taps) == 2:
            return emit.intrinsic("llvm.arm.smlad", value, self.words[(row, taps[0]), (row, taps[1])], total)
        for half, tap in enumerate(taps):
            if tap is not None:
                word, other = self.places[row, tap]
                total = emit.intrinsic(f"llvm.arm.smla{'bt'[half]}{'bt'[other]}", value, word, total)
        return total
