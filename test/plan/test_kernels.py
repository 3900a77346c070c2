"""The table of kernels, read from the object that iree-compile makes."""

import subprocess

import pytest
import tools
from elftools.elf.elffile import ELFFile
from iree_baremetal import board
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import kernels

TWO = """
func.func @scale(%x: tensor<8xf32>, %n: i32) -> tensor<8xf32> {
  %f = arith.sitofp %n : i32 to f32
  %empty = tensor.empty() : tensor<8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<8xf32>) outs(%empty : tensor<8xf32>) {
    ^bb0(%e: f32, %u: f32):
      %m = arith.mulf %e, %f : f32
      linalg.yield %m : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
func.func @sum(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %z = arith.addf %x, %y : tensor<8xf32>
  return %z : tensor<8xf32>
}
"""
# Pointers of 8 and 4 bytes, relocations with and without addends, Thumb's bit.
BOARDS = ["host", "mps2-an386", "qemu-rv32"]


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    return {name: tools.library(folder, TWO, board.load(name), f"two_{name}")[1] for name in BOARDS}


@pytest.mark.parametrize("name", BOARDS)
def test_the_table_of_a_real_object(objects, name):
    scale, add = kernels.read(objects[name])
    assert scale.symbol.startswith("scale_dispatch_0") and add.symbol.startswith("sum_dispatch_0")
    assert (scale.constant_count, scale.binding_count) == (1, 2)
    assert (add.constant_count, add.binding_count) == (0, 3)
    assert (scale.local_memory, scale.workgroup_size) == (0, (1, 1, 1))


def patched(original, path, symbol_end, offset, byte):
    """A copy of an object with one byte of a symbol's data changed."""
    content = bytearray(original.read_bytes())
    with open(original, "rb") as stream:
        elf = ELFFile(stream)
        symbols = elf.get_section_by_name(".symtab").iter_symbols()
        symbol = next(s for s in symbols if s.name.endswith(symbol_end))
        content[elf.get_section(symbol["st_shndx"])["sh_offset"] + symbol["st_value"] + offset] = byte
    path.write_bytes(content)
    return path


def test_another_version_is_refused_by_name(objects, tmp_path):
    changed = patched(objects["host"], tmp_path / "changed.o", "_query_v0_header", 0, 5)
    with pytest.raises(BaremetalError, match=r"version 0\.5; deploy=direct knows 0\.6.*Use iree-base-compiler"):
        kernels.read(changed)


def test_kernels_that_import_functions_are_refused(objects, tmp_path):
    changed = patched(objects["host"], tmp_path / "changed.o", "_query_v0", 8, 2)
    with pytest.raises(BaremetalError, match="the kernels import 2 functions at run time"):
        kernels.read(changed)


def test_another_object_is_refused(tmp_path):
    (tmp_path / "empty.c").write_text("int nothing;\n")
    subprocess.run(["gcc", "-c", "empty.c"], cwd=tmp_path, check=True)
    with pytest.raises(BaremetalError, match="holds no IREE executable library"):
        kernels.read(tmp_path / "empty.o")
    with pytest.raises(BaremetalError, match="is not an ELF object of kernels"):
        kernels.read(tmp_path / "empty.c")
