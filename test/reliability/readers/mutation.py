"""Good files, mutated."""

from hypothesis import strategies as st


def mutated(goods):
    """Strategy: one of goods (bytes) with some bytes taken out, doubled, replaced or put in."""

    @st.composite
    def strategy(draw):
        content = bytearray(draw(st.sampled_from(goods)))
        if draw(st.booleans()):  # the lengths within stay right
            for _ in range(draw(st.integers(1, 3))):
                content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
            return bytes(content)
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(content)))
            piece = content[start : start + draw(st.integers(0, 16))]
            new = draw(
                st.one_of(
                    st.just(b""),
                    st.just(bytes(piece) * 2),
                    st.binary(max_size=8),
                    st.sampled_from(list(goods)).map(lambda g: g[:64]),
                )
            )
            content[start : start + len(piece)] = new
        return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 9)) == 0 else content)

    return strategy()
