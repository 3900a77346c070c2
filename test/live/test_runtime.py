"""The samples on IREE's own runtime, built from a source tree: the answers, and the same application everywhere."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy
import onnx
import pytest
from onnx import TensorProto, helper

pytestmark = pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")

needs_proactors = pytest.mark.skipif(
    not os.path.exists(os.path.join(os.environ.get("IREE_SOURCE_DIR", ""), "runtime/src/iree/async")),
    reason="the program is for trees with proactors",
)
BOARDS = ["stm32f4", "qemu-rv32"]
DEPLOYMENTS = ["static", "elf", "vmvx", "emitc", "inline", "inline-emitc"]


@pytest.mark.parametrize("deploy", DEPLOYMENTS)
@pytest.mark.parametrize("name", BOARDS)
def test_digits(checkout, name, deploy):
    text = checkout.once(f"board={name}", f"deploy={deploy}", "run", "verify")
    assert re.search(r"digits_harness\S*: 150 calls on \S+ agree with the host, 1,500 values", text)
    assert int(re.search(r"(\d+) of 150 right", text)[1]) >= 140


@pytest.mark.parametrize("deploy", ["direct", *DEPLOYMENTS])
@pytest.mark.parametrize("name", BOARDS)
def test_multiply(checkout, name, deploy):
    text = checkout.once(f"board={name}", f"deploy={deploy}", "sample=multiply", "run", "verify")
    assert "call 1:   5.5  18.0  32.5  49.0\nall products right" in text
    assert re.search(r"multiply_harness\S*: 4 calls on \S+ agree with the host, 16 values, all bitwise equal", text)


@pytest.mark.parametrize("deploy", ["static", "vmvx", "emitc", "inline", "inline-emitc"])
def test_multiply_on_the_host(checkout, deploy):
    assert "all products right" in checkout.once("board=host", f"deploy={deploy}", "sample=multiply", "run")


@pytest.mark.parametrize(
    "name, deploy", [*((name, "static") for name in ("host", *BOARDS)), ("stm32f4", "inline"), ("qemu-rv32", "inline-emitc")]
)
def test_a_dynamic_shape(checkout, name, deploy):
    text = checkout.once(f"board={name}", f"deploy={deploy}", "sample=dynamic", "run", "verify")
    assert text.count(" samples: mean ") == 7 and "all lengths right" in text
    assert re.search(r"dynamic_harness\S*: 7 calls on \S+ agree with the host, 545 values", text)


def test_a_model_from_onnx_of_dynamic_shape(checkout):
    """Two inputs share a dimension; its size is that of the .npz's arrays, another one in each call."""
    x, s, y = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", extent]) for name, extent in (("x", 8), ("s", 1), ("y", 8))
    )
    mean = helper.make_tensor_value_info("mean", TensorProto.FLOAT, [8])
    nodes = [helper.make_node("Mul", ["x", "s"], ["y"]), helper.make_node("ReduceMean", ["y"], ["mean"], axes=[0], keepdims=0)]
    made = helper.make_model(
        helper.make_graph(nodes, "rows", [x, s], [y, mean]), opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    onnx.save(made, checkout.folder / "rows.onnx")
    generator = numpy.random.default_rng(3)
    fed = {
        f"{n}/{name}": generator.normal(size=(rows, extent)).astype("f4")
        for n, rows in enumerate((1, 5, 90))
        for name, extent in (("x", 8), ("s", 1))
    }
    numpy.savez(checkout.folder / "rows.npz", **fed)
    arguments = ["board=stm32f4", "deploy=inline-emitc", "model=rows.onnx"]
    text = checkout.once(*arguments, "dims=n=?", "inputs=rows.npz", "run", "verify")
    assert re.search(r"3 calls on stm32f4 agree with the host, 792 values", text)
    assert re.search(r"3 calls on stm32f4 agree with ONNX Runtime \S+, 792 values", text)
    assert "call 2, rows, mean: [" in text
    assert "dims=n=? (docs/runtime.md)" in checkout.scons(*arguments, "run", code=2)
    numpy.savez(checkout.folder / "rows.npz", x=numpy.zeros((1, 3000, 8), "f4"), s=numpy.zeros((1, 3000, 1), "f4"))
    assert "harness: cannot fit an input of dynamic shape into the free RAM" in checkout.scons(
        *arguments, "dims=n=?", "inputs=rows.npz", "run", code=2
    )


def test_the_smallest_firmware(checkout):
    """Optional features cost, and leaving them out breaks nothing."""
    sizes = []
    for more in ([], ["smallest=1"]):
        text = checkout.once("board=stm32f4", "deploy=static", "sample=multiply", "run", *more)
        assert "all products right" in text
        sizes.append(int(re.search(r"multiply\.elf on stm32f4.*?\nused +([\d,]+)", text, re.DOTALL)[1].replace(",", "")))
    defaults, smallest = sizes
    assert defaults <= 178_408
    assert smallest <= 122 * 1024 and smallest < defaults


@pytest.mark.parametrize("deploy, limit", [("inline", 52 * 1024), ("inline-emitc", 31 * 1024)])
def test_the_inline_hal_is_small(checkout, deploy, limit):
    text = checkout.once("board=stm32f4", f"deploy={deploy}", "sample=multiply", "smallest=1", "run")
    assert "all products right" in text
    assert int(re.search(r"multiply\.elf on stm32f4.*?\nused +([\d,]+)", text, re.DOTALL)[1].replace(",", "")) <= limit


def test_the_second_build_does_nothing_and_is_quick(checkout):
    arguments = ["board=stm32f4", "deploy=static", "sample=multiply"]
    checkout.scons(*arguments)
    seconds = []
    for _ in range(3):
        assert "is up to date" in checkout.scons(*arguments)
        seconds.append(checkout.seconds)
    assert min(seconds) < 1


def test_the_tree_stays_as_it_is(checkout):
    """Nothing in it is younger than what was built of it."""
    checkout.once("board=stm32f4", "deploy=static", "sample=multiply", "run", "verify")
    start = (checkout.folder / "SConstruct").stat().st_ctime
    tree = os.environ["IREE_SOURCE_DIR"]
    folders = [
        folder for part in ("runtime", "build_tools", "third_party/flatcc") for folder in os.walk(os.path.join(tree, part))
    ]
    assert not [folder for folder, *_ in folders if os.stat(folder).st_mtime > start]


def test_the_archive_for_code_of_ones_own(checkout):
    """env.IreeRuntime() without a model; two boards and two deployments side by side."""
    checkout.write(
        "archives/SConstruct",
        """
import os

for board in ("stm32f4", "qemu-rv32"):
    for deploy in ("static", "emitc"):
        env = Environment(tools=["iree_baremetal"], toolpath=["../site_scons/site_tools"], ENV=os.environ,
                          IREE_BOARD=board, IREE_DEPLOY=deploy)
        Default(env.IreeRuntime())
""",
    )
    text = checkout.scons("-C", "archives", "-j2")
    built = sorted(str(path.relative_to(checkout.folder)) for path in checkout.folder.glob("archives/build/*/*/*/*.a"))
    assert built == [
        f"archives/build/{board}/iree_runtime/{deploy}/libiree_runtime.a"
        for board in ("qemu-rv32", "stm32f4")
        for deploy in ("emitc", "static")
    ], text
    assert "is up to date" in checkout.scons("-C", "archives")


@needs_proactors
@pytest.mark.parametrize("name", BOARDS)
def test_a_program_of_ones_own(checkout, name):
    """test/projects/runtime: IREE's C API on what env.IreeRuntime() gives; docs/runtime.md shows it."""
    shutil.copytree(Path(__file__).parents[1] / "projects/runtime", checkout.folder / "own", dirs_exist_ok=True)
    arguments = ["--site-dir=../site_scons", "-C", "own", f"board={name}"]
    assert "   5  12  21  32\n" in checkout.scons(*arguments, "run")
    checkout.scons(*arguments)
    assert "is up to date" in checkout.scons(*arguments)


# On the types that newlib has for them.
LOCKS = """
#pragma once
#include <sys/types.h>
#include <time.h>
#define CLOCK_REALTIME 1
#define PTHREAD_ONCE_INIT {1, 0}
extern int locks_taken;
static inline int pthread_mutex_init(pthread_mutex_t *mutex, const void *attributes) { return *mutex = 0; }
static inline int pthread_mutex_destroy(pthread_mutex_t *mutex) { return *mutex; }
static inline int pthread_mutex_trylock(pthread_mutex_t *mutex) { return *mutex ? 16 : !(*mutex = 1); }
static inline int pthread_mutex_lock(pthread_mutex_t *mutex) { return locks_taken++, pthread_mutex_trylock(mutex); }
static inline int pthread_mutex_unlock(pthread_mutex_t *mutex) { return *mutex = 0; }
static inline int pthread_once(pthread_once_t *once, void (*call)(void)) {
  if (!once->init_executed) call();
  return once->init_executed = 1, 0;
}
static inline int pthread_cond_init(pthread_cond_t *cond, const void *attributes) { return 0; }
static inline int pthread_cond_destroy(pthread_cond_t *cond) { return 0; }
static inline int pthread_cond_signal(pthread_cond_t *cond) { return 0; }
static inline int pthread_cond_broadcast(pthread_cond_t *cond) { return 0; }
static inline int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) { return 0; }
static inline int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until) { return 116; }
int clock_gettime(clockid_t clock, struct timespec *now);
"""
# What such a build needs beside it, of a core that has no wider ones: GCC's library of atomics is not built for it.
ATOMICS = """
#include <pthread.h>
#include <stdint.h>
int locks_taken;
int clock_gettime(clockid_t clock, struct timespec *now) { return now->tv_sec = now->tv_nsec = 0; }
uint64_t load(const volatile uint64_t *at, int order) __asm__("__atomic_load_8");
uint64_t load(const volatile uint64_t *at, int order) { return *at; }
void store(volatile uint64_t *at, uint64_t value, int order) __asm__("__atomic_store_8");
void store(volatile uint64_t *at, uint64_t value, int order) { *at = value; }
uint64_t add(volatile uint64_t *at, uint64_t more, int order) __asm__("__atomic_fetch_add_8");
uint64_t add(volatile uint64_t *at, uint64_t more, int order) { return (*at += more) - more; }
_Bool swap(volatile uint64_t *at, uint64_t *old, uint64_t value, int ok, int failed) __asm__("__atomic_compare_exchange_8");
_Bool swap(volatile uint64_t *at, uint64_t *old, uint64_t value, int ok, int failed) {
  _Bool same = *at == *old;
  if (same) *at = value;
  else *old = *at;
  return same;
}
"""


def test_locks_by_a_pthread_header_of_the_boards(checkout):
    """The guide's second choice for synchronization: a small surface of pthread's."""
    checkout.write("locking/locks/pthread.h", LOCKS)
    checkout.write("locking/locks.c", ATOMICS)
    checkout.write("locking/locked.py", 'base = "stm32f4"\ninclude = ["locks"]\nsources = ["locks.c"]\n')
    build = ["board=locked", "boards_path=locking", "deploy=static", "sample=multiply"]
    text = checkout.scons(*build, "runtime_options=IREE_SYNCHRONIZATION_DISABLE_UNSAFE=0", "run")
    assert "all products right" in text
    elf = checkout.folder / "build/locked-static/multiply/multiply.elf"
    symbols = subprocess.run(["arm-none-eabi-nm", elf], capture_output=True, text=True, check=True).stdout
    assert " locks_taken\n" in symbols  # the linker leaves out what nothing uses


ELF = """
#map = affine_map<(a) -> (a)>
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %roots = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%c : tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = math.sqrt %in : f32
      linalg.yield %s : f32
  } -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %roots : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%in: f32, %root: f32, %out: f32):
      %more = arith.maxnumf %in, %root : f32
      %less = arith.minnumf %in, %root : f32
      %z = arith.subf %more, %less : f32
      linalg.yield %z : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
"""


@pytest.mark.parametrize("name", BOARDS)
def test_an_elf_with_constants_to_evaluate_and_calls_of_the_c_library(checkout, name):
    """iree-compile evaluates the roots in an ELF for this machine, and a Cortex-M4 has fmaxf and fminf as calls."""
    checkout.write("extremes.mlir", ELF)
    text = checkout.once(f"board={name}", "deploy=elf", "model=extremes.mlir", "verify")
    assert re.search(r"extremes_harness\S*: 4 calls on \S+ agree with the host, 32 values", text)


def test_the_guides_optimization_level(checkout):
    text = checkout.scons("board=stm32f4", "deploy=static", "sample=multiply", "opt_level=O3", "verbose=1", "run")
    assert "--iree-opt-level=O3" in text and "all products right" in text
    text = checkout.scons("board=stm32f4", "opt_level=O4", code=2)
    assert "opt_level=O4: not one of O0, O1, O2, O3." in text


def test_a_project_and_a_tree_in_folders_of_any_name(another_checkout):
    """The linker's script for embedded ELFs and upstream's generators have paths of the project and of the tree."""
    tree = another_checkout.folder / "Bäume & Quellen's/iree main"
    tree.parent.mkdir()
    tree.symlink_to(os.environ["IREE_SOURCE_DIR"])
    text = another_checkout.scons("board=stm32f4", "deploy=elf", "sample=multiply", f"iree_source={tree}", "run", "verify")
    assert "all products right" in text
    assert re.search(r"multiply_harness\S*: 4 calls on \S+ agree with the host, 16 values, all bitwise equal", text)


@needs_proactors
@pytest.mark.parametrize("name", BOARDS)
def test_upstreams_samples(checkout, name):
    text = checkout.once(f"board={name}", "sample=upstream", "run")
    assert text.count("simple_embedding done\n") == 2
    assert "static_library_run_bytecode passed\n" in text and "exhausted" not in text
