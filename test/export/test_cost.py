"""Sizes of what a linker keeps, read from objects."""

import json

import pytest
import tools
from iree_baremetal.errors import BaremetalError
from iree_baremetal.export import cost

CALLER = """
static char arena[96];
static int ready = 1;
extern int kernel(char *);
int model_run(void) { return kernel(arena) + ready; }
int model_never(void) { static char other[4000]; return kernel(other); }
"""
KERNELS = """
static const char table[64] = {1};
int helper(int x) { return table[x]; }
int kernel(char *at) { return helper(*at); }
const char unused[1000] = {1};
int not_called(int x) { return unused[x]; }
"""


@pytest.fixture
def objects(tmp_path):
    for name, text in (("model", CALLER), ("model_kernels", KERNELS)):
        (tmp_path / f"{name}.c").write_text(text)
        flags = ["-O0", "-fno-pic", "-ffunction-sections", "-fdata-sections", "-fno-asynchronous-unwind-tables"]
        tools.run("gcc", *flags, "-c", f"{name}.c", "-o", f"{name}.o", cwd=tmp_path)
    return [tmp_path / "model.o", tmp_path / "model_kernels.o"]


def section_sizes(path):
    lines = (line.split() for line in tools.run("size", "-A", path).splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) == 3 and words[1].isdigit()}


def test_only_what_is_reached_counts(objects):
    found = cost.sizes(objects, ["model_run"])
    own, kernels = (section_sizes(path) for path in objects)
    data, bss = (
        sum(n for name, n in own.items() if name.startswith(f".{kind}.") and "other" not in name) for kind in ("data", "bss")
    )
    assert found[objects[0]] == (own[".text.model_run"] + data, data + bss)
    assert bss >= 96 and data == 4
    reached = kernels[".text.helper"] + kernels[".text.kernel"] + kernels[".rodata.table"]
    assert found[objects[1]] == (reached, 0)


def test_it_is_what_the_linker_keeps(objects, tmp_path):
    flags = ["-nostdlib", "-static", "-Wl,--gc-sections,-e,model_run,--build-id=none", "-Wl,-z,noseparate-code"]
    tools.run("gcc", *flags, *objects, "-o", tmp_path / "linked")
    sizes = section_sizes(tmp_path / "linked")
    found = cost.sizes(objects, ["model_run"]).values()
    flash = sum(sizes.get(name, 0) for name in (".text", ".rodata", ".data"))
    assert abs(sum(f for f, _ in found) - flash) < 64  # alignment


def test_the_table_of_a_plan(objects, tmp_path):
    facts = {"model": "model", "arena": 96, "state": 0, "functions": [{"c_name": "model_run"}]}
    (tmp_path / "plan.json").write_text(json.dumps(facts))
    rows = cost.memory(tmp_path / "plan.json", objects)
    assert set(rows) == {"kernels", "generated code", "arena"}
    assert rows["arena"] == [0, 96] and rows["generated code"][1] < 64


def test_no_object(tmp_path):
    (tmp_path / "text.o").write_text("text")
    with pytest.raises(BaremetalError, match="text.o: cannot be read as ELF"):
        cost.sizes([tmp_path / "text.o"], ["x"])
