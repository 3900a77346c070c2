"""tune with the real tools: what is measured is what bench measures, and only what works is chosen."""

import json
import re
import shutil

import pytest

# One candidate each whose firmware is too big, whose weights are wrong, and which no compiler takes.
SCONSCRIPT = """
import re
Import("env")
model = env.IreeModel("digits.onnx")
env.IreeBench(model, inputs="held_out.npz")
candidates = [("width16,one-workgroup,unroll", "all"), ("width4,one-workgroup", "interchange"), ("none", "none"),
              ("width4,one-workgroup", "round"), ("width8,one-workgroup", "all"), ("width8,unroll", "no-such")]
env.IreeTune(model, "held_out.npz", candidates)

def spoil(target, source, env):
    path = next(node.get_abspath() for node in target if node.name == "digits_weights.bin")
    content = bytearray(open(path, "rb").read())
    content[3] ^= 0x40  # of the first float
    open(path, "wb").write(content)

def inflate(target, source, env):
    path = next(node.get_abspath() for node in target if node.name == "digits.c")
    text = open(path).read()
    open(path, "w").write(re.sub(r"digits_arena\\[\\d+\\]", "digits_arena[200000]", text))

env.AddPostAction("iree_digits/digits_tune/width8-one-workgroup+all/digits_weights.bin", spoil)
env.AddPostAction("iree_digits/digits_tune/width4-one-workgroup+round/digits.c", inflate)
"""
TUNED = "build/stm32f4/tuned/iree_digits/digits_harness/digits"


@pytest.fixture(scope="module")
def project(checkout):
    for name in ("digits.onnx", "held_out.npz"):
        (checkout.folder / "samples/tuned").mkdir(exist_ok=True)
        shutil.copy(checkout.folder / "samples/digits" / name, checkout.folder / "samples/tuned" / name)
    checkout.write("samples/tuned/SConscript", SCONSCRIPT)
    yield checkout
    shutil.rmtree(checkout.folder / "samples/tuned")


def test_the_fastest_and_the_smallest_of_what_works(project):
    text = project.scons("board=stm32f4", "sample=tuned", "-j2", "tune")
    assert "best for speed: flags=width16,one-workgroup,unroll rewrites=all, kernel by kernel: " in text
    # What each gains: the last convolution is quicker in narrower vectors.
    (gain,) = re.findall(r"(\S+) → (\S+) +\S+ → \S+ bytes  width4 +classify\$async_dispatch_3_conv_16x2x2x2x2_f32", text)
    before, after = (int(number.replace(",", "")) for number in gain)
    assert after < 0.8 * before
    assert re.search(r"best for size: flags=width4,one-workgroup rewrites=interchange", text)
    left_out = dict(re.findall(r"left out: (flags=\S+ rewrites=\S+): (.*(?:\n  .*)*)", text))
    assert set(left_out) == {
        "flags=width8,one-workgroup rewrites=all",
        "flags=width4,one-workgroup rewrites=round",
        "flags=width8,unroll rewrites=no-such",
    }
    assert "differs from the host reference at call" in left_out["flags=width8,one-workgroup rewrites=all"]
    assert "RAM of stm32f4" in left_out["flags=width4,one-workgroup rewrites=round"]
    assert "there is no 'no-such'" in left_out["flags=width8,unroll rewrites=no-such"]
    assert "Traceback" not in text

    again = project.scons("board=stm32f4", "sample=tuned", "tune", "keep=1")
    assert not re.search(r"^(compile|generate|cc|link|measure) ", again, re.MULTILINE)
    assert again.count("left out:") == 3

    # What was measured is what bench says of the same code.
    written = json.loads((project.folder / f"{TUNED}_tune.json").read_text())["found"]
    found = {(f["flags"], f["rewrites"]): f for f in written if not f["is_kernelwise"]}
    for (flags, rewrites), fields in found.items():
        assert bool(fields["failed"]) == (f"flags={flags} rewrites={rewrites}" in left_out)
    flags = "width4,one-workgroup"
    project.scons("board=stm32f4", "sample=tuned", f"flags={flags}", "rewrites=interchange", "bench")
    bench = json.loads((project.folder / f"{TUNED}_bench.json").read_text())
    (record,), small = bench["records"], found[flags, "interchange"]
    for one, other in (
        ("count", "count"),
        ("cycles", "cycles"),
        ("arena", "arena"),
        ("weights", "weights"),
        ("stack", "stack_peak"),
    ):
        assert small[one] == record[other]
    assert small["kernels"] == sum(r["categories"].get("kernels", 0) for r in bench["memory"]["regions"].values())
    assert small["count"] > 2 * found["width16,one-workgroup,unroll", "all"]["count"]

    # What is kept is built, and is what was measured; tuned=0 is without it.
    (mixed,), speed = (f for f in written if f["is_kernelwise"]), found["width16,one-workgroup,unroll", "all"]
    gained = sum(kernel["cost"][0] - kernel["cost"][1] for kernel in mixed["forms"].values())
    assert not mixed["failed"] and gained > 0
    assert abs(speed["cycles"] - mixed["cycles"] - gained) < 100  # kernels do not depend on each other
    path = project.folder / "samples/tuned/digits.tuned.json"
    content = json.loads(path.read_text())
    assert content["cores"]["cortex-m4"]["kernels"] == mixed["forms"]
    _, built = bench_of(project)
    assert (built["cycles"], built["count"]) == (mixed["cycles"], mixed["count"])
    assert bench_of(project, "tuned=0")[1]["count"] == speed["count"]

    # What the model, or this version, no longer has is told, and the rest as by itself.
    forms = {"no_such_kernel": {"form": "width4"}, "classify$async_dispatch_2_conv_16x4x4x8x3x3_f32": {"form": "9x9"}}
    content["cores"]["cortex-m4"]["kernels"] = forms
    path.write_text(json.dumps(content))
    text, built = bench_of(project)
    assert "digits.tuned.json: the model has no kernel no_such_kernel: tune anew." in text
    assert "classify$async_dispatch_2_conv_16x4x4x8x3x3_f32 has no block 9x9: tune anew." in text
    assert built["count"] == speed["count"]


def bench_of(project, *options):
    """The output, and the record of optimize=speed."""
    text = project.scons("board=stm32f4", "sample=tuned", *options, "bench")
    return text, json.loads((project.folder / f"{TUNED}_bench.json").read_text())["records"][0]
