"""Board files and those of bsp=: literals only, for they are run."""

import corpus
from hypothesis import strategies as st
from iree_baremetal import board, compiler, toolchain
from iree_baremetal.board import bsp, info, linker_script
from iree_baremetal.errors import BaremetalError

_NUMBERS = st.one_of(st.integers(-(2**70), 2**70), st.sampled_from([0, 1, 16, 1024, 4096, 2**20, 2**31, 2**32]))
_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["arm-none-eabi", "cortex-m4", "hard", "rx", "rw", "FLASH", "RAM", "start.c", "-mcpu=cortex-m4", "\ud800"]),
)
_SIMPLE = st.one_of(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS, st.binary(max_size=4)).map(repr),
    st.sampled_from(["1.5", "float('nan')", "float('inf')", "10 ** 5000", "-10 ** 5000", "object()", "len"]),
)
_REGION = st.tuples(_SIMPLE, _SIMPLE, _SIMPLE).map(lambda v: f"Region({', '.join(v)})")
_QEMU = st.tuples(_SIMPLE, _SIMPLE, _SIMPLE, _SIMPLE).map(lambda v: "Qemu({}, {}, icount_shift={}, options={})".format(*v))
_LITERAL = st.recursive(
    st.one_of(_SIMPLE, _REGION, _QEMU),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        st.lists(inner, max_size=3).map(lambda v: f"({', '.join(v)},)" if v else "()"),
        st.lists(st.tuples(_SIMPLE, inner), max_size=3).map(lambda v: "{%s}" % ", ".join(f"{k}: {i}" for k, i in v)),
    ),
    max_leaves=6,
)
_WHOLE = corpus.families()["boards"][0].files["boards/mine.py"]
_ASSIGNMENT = st.tuples(st.sampled_from([*board.FIELDS, "base"]), _LITERAL).map(lambda pair: "{} = {}\n".format(*pair))


@st.composite
def _board_files(draw):
    lines = _WHOLE.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 3))):
        where = draw(st.integers(0, len(lines)))
        lines[where : where + draw(st.integers(0, 2))] = [draw(_ASSIGNMENT)] if draw(st.booleans()) else []
    text = "".join(lines) + draw(st.one_of(st.just(""), _ASSIGNMENT))
    if draw(st.integers(0, 4)) == 0:  # no ** by accident: a power takes for ever
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.text("=[]{}()\"',#\\\n\0 é", max_size=4)) + text[start + draw(st.integers(0, 4)) :]
    return text.encode(errors="surrogatepass")


def _read_board(folder, content):
    path = folder / "mine.py"
    path.write_bytes(content)
    try:
        found = board.load("mine", [folder])
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise
    compiler.target_flags(found), toolchain.compile_flags(found), toolchain.link_flags(found), info.values(found)
    if found.memory and not found.vmfb_only and not found.is_host:
        linker_script.text(found)


def _read_bsp(folder, content):
    (folder / "bsp.py").write_bytes(content)
    bsp.apply(board.load("stm32f4"), folder / "bsp.py")


_BSP = st.lists(
    st.tuples(
        st.sampled_from(["root", "sources", "include", "libraries", "linker_script", "defines", "entry", "link_flags"]), _LITERAL
    ),
    max_size=3,
)


READERS = {
    "board files": (_board_files(), _read_board, 150, 2000),
    "files of bsp=": (
        _BSP.map(lambda pairs: "".join(f"{k} = {v}\n" for k, v in pairs).encode(errors="surrogatepass")),
        _read_bsp,
        60,
        800,
    ),
}
