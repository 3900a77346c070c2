"""What kernels do to their bindings, read from real models at the stream phase."""

import re

import pytest
import tools
from iree_baremetal import compiler, modules
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import access

# The product's operand is padded: filled, then written to in part.
PADDED = """
func.func @f(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %zero = arith.constant 0.0 : f32
  %kernel = arith.constant dense<0.5> : tensor<3x3x2x2xf32>
  %twice = arith.addf %x, %x : tensor<1x4x4x2xf32>
  %padded = tensor.pad %twice low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%a: index, %b: index, %c: index, %d: index):
      tensor.yield %zero : f32
  } : tensor<1x4x4x2xf32> to tensor<1x6x6x2xf32>
  %empty = tensor.empty() : tensor<1x4x4x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %y = linalg.conv_2d_nhwc_hwcf ins(%padded, %kernel : tensor<1x6x6x2xf32>, tensor<3x3x2x2xf32>)
      outs(%init : tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}
"""


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    """The model PADDED at the stream phase."""
    folder = tmp_path_factory.mktemp("stream")
    (folder / "padded.mlir").write_text(PADDED)
    flags = [
        *compiler.target_flags(tools.HOST),
        *compiler.GUIDE_FLAGS,
        "--iree-scheduling-optimize-bindings=false",
        "--compile-to=stream",
    ]
    tools.run(compiler.find(), *flags, folder / "padded.mlir", "-o", folder / "padded.stream.mlir")
    return (folder / "padded.stream.mlir").read_bytes()


def text(program):
    with modules.parsed(program, "stream") as module:
        return str(module)


def test_readers_writers_and_those_that_keep_what_was_there(stream):
    found = access.read(stream)
    assert all(symbol.startswith("f$async_dispatch_") or symbol.startswith("f_dispatch_") for symbol in found)
    first, last = (found[symbol] for symbol in sorted(found))
    assert first == ("r", "rw")  # the padded buffer: its border must stay
    assert set(last[:-1]) == {"r"} and last[-1] == "w"


def test_a_binding_shared_by_dispatches_has_all_that_any_does():
    module = """
module {
  util.func @f(%a: !stream.resource<transient>) {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %done = stream.cmd.execute with(%a as %b: !stream.resource<transient>{%c16}) {
      stream.cmd.dispatch @e::@k {
        ro %b[%c0 for %c16] : !stream.resource<transient>{%c16},
        wo %b[%c0 for %c16] : !stream.resource<transient>{%c16}
      }
      stream.cmd.dispatch @e::@k {
        wo %b[%c0 for %c16] : !stream.resource<transient>{%c16},
        wo %b[%c0 for %c16] : !stream.resource<transient>{%c16}
      }
    } => !stream.timepoint
    util.return
  }
  stream.executable private @e {
    stream.executable.export public @k workgroups() -> (index, index, index) {
      %c1 = arith.constant 1 : index
      stream.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @k(%x: !stream.binding, %y: !stream.binding {stream.alignment = 512 : index}) {
        return
      }
    }
  }
}
"""
    assert access.read(module) == {"k": ("rw", "w")}
    assert "stream.alignment = 64 : index" in text(access.align(module, 64))


def test_kernels_are_told_the_alignment_that_will_hold(stream):
    def assumed(module):
        found = []
        for line in text(module).splitlines():
            found += [int(part.split(" ")[0]) for part in line.split("stream.alignment = ")[1:]]
        return found

    assert max(assumed(stream)) >= 64
    changed = access.align(stream, 16)
    assert set(assumed(changed)) == {16} and len(assumed(changed)) == len(assumed(stream))
    assert assumed(access.align(changed, 64)) == assumed(changed)  # it only ever falls
    assert access.read(changed) == access.read(stream)


STEPS = """
module {
  util.func public @f(%t: !stream.timepoint, %b: !stream.resource<transient>, %step: index) {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %c60 = arith.constant 60 : index
    %c320 = arith.constant 320 : index
    %rows = arith.muli %step, %c60 : index
    %row = arith.addi %rows, %c320 : index
    %1 = stream.cmd.execute await(%t) => with(%b as %r: !stream.resource<transient>{%c320}) {
      stream.cmd.dispatch @e::@k {
        ro %r[%c0 for %c16] : !stream.resource<transient>{%c320},
        ro %r[%c320 for %c16] : !stream.resource<transient>{%c320},
        wo %r[%row for %c16] : !stream.resource<transient>{%c320}
      }
    } => !stream.timepoint
    util.return
  }
  stream.executable private @e {
    stream.executable.export public @k workgroups() -> (index, index, index) {
      %c1 = arith.constant 1 : index
      stream.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @k(%x: !stream.binding {stream.alignment = 64 : index}, %y: !stream.binding {stream.alignment = 64 : index},
                   %z: !stream.binding {stream.alignment = 64 : index}) {
        return
      }
    }
  }
}
"""


def test_one_step_of_a_sequence_lies_where_its_rows_end():
    """Rows of 60 bytes: the third binding is a multiple of 4 bytes away, whatever the step; IREE's own annotation says 64."""
    found = [line for line in text(access.align(STEPS, 64)).splitlines() if "func.func @k" in line]
    assert re.findall(r"stream.alignment = (\d+)", found[0]) == ["64", "64", "4"]


def test_what_is_no_module_is_refused():
    with pytest.raises(BaremetalError, match="the model at the stream phase cannot be read"):
        access.read("this is no MLIR")
