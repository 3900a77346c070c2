"""Kernels with vectors of widths of their own: each is, byte by byte, what it is where all have that width."""

import io

import pytest
import tools
from elftools.elf.elffile import ELFFile
from iree_baremetal import board, compiler
from iree_baremetal.compiler import kernel_widths, lowering, tuning
from iree_baremetal.errors import BaremetalError

M4 = board.load("mps2-an386")
EXPONENTIALS = """
#same = affine_map<(n) -> (n)>
#row = affine_map<(m, n) -> (m, n)>
#sum = affine_map<(m, n) -> (m)>
func.func @main(%x: tensor<32xf32>, %z: tensor<8x16xf32>) -> (tensor<32xf32>, tensor<8xf32>) {
  %empty = tensor.empty() : tensor<32xf32>
  %y = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel"]}
      ins(%x : tensor<32xf32>) outs(%empty : tensor<32xf32>) {
    ^bb0(%a: f32, %b: f32):
      %e = math.exp %a : f32
      linalg.yield %e : f32
  } -> tensor<32xf32>
  %zero = arith.constant dense<0.0> : tensor<8xf32>
  %s = linalg.generic {indexing_maps = [#row, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%z : tensor<8x16xf32>) outs(%zero : tensor<8xf32>) {
    ^bb0(%a: f32, %so_far: f32):
      %t = arith.addf %so_far, %a : f32
      linalg.yield %t : f32
  } -> tensor<8xf32>
  return %y, %s : tensor<32xf32>, tensor<8xf32>
}
"""


def command(folder, width):
    flags = [*compiler.target_flags(M4), *tuning.flags(f"width{width},one-workgroup,unroll")]
    library = f"--iree-llvmcpu-static-library-output-path={folder / 'model.o'}"
    return [compiler.find(), *flags, *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS, library]


def lowered(folder, width):
    """The path of the model at the stream phase."""
    folder.mkdir()
    (folder / "model.mlir").write_text(EXPONENTIALS)
    path = folder / "model.stream.mlirbc"
    path.write_bytes(lowering.lower(folder / "model.mlir", command(folder, width), M4.arena_alignment).stream)
    return path


def call(folder, width):
    words = [*command(folder, width), *compiler.HOST_PROGRAM_FLAGS, folder / "model.stream.mlirbc", "-o"]
    return [*map(str, words), str(folder / "model.hal.mlirbc")]


def kernels(folder):
    """{name: code} of the object's kernels."""
    elf, found = ELFFile(io.BytesIO((folder / "model.o").read_bytes())), {}
    for symbol in elf.get_section_by_name(".symtab").iter_symbols():
        if "dispatch" in symbol.name and symbol["st_info"]["type"] == "STT_FUNC":
            code, begin = elf.get_section(symbol["st_shndx"]).data(), symbol["st_value"] & ~1
            found[symbol.name] = code[begin : begin + symbol["st_size"]]
    return found


def test_a_kernel_is_what_it_is_where_all_have_its_width(tmp_path):
    whole = {}
    for width in (4, 16):
        lowered(tmp_path / str(width), width)
        tools.run(*call(tmp_path / str(width), width))
        whole[width] = kernels(tmp_path / str(width))
    exp = next(name for name in whole[16] if len(whole[16][name]) > 2 * len(whole[4][name]))
    assert len(whole[16]) == 2

    mixed = tmp_path / "mixed"
    lowered(mixed, 16)
    kernel_widths.compile_kernels(call(mixed, 16), {exp: 4, "no_such_kernel": 8})
    assert kernels(mixed) == {name: whole[4 if name == exp else 16][name] for name in whole[16]}
    # The host program is that of a call without widths.
    assert (mixed / "model.hal.mlirbc").stat().st_size > 0
    kernel_widths.compile_kernels(call(mixed, 16), {})
    assert kernels(mixed) == whole[16]


def test_what_it_takes(tmp_path):
    with pytest.raises(BaremetalError, match="kernels: after -- it takes iree-compile"):
        kernel_widths.compile_kernels(["iree-compile", "model"], {})
