import os
import subprocess
from dataclasses import replace

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import deployments, generated, libraries, options


def sources(tree, *roots):
    return libraries.read(tree, roots, options.cmake_variables(options.configure(), "arm_32"))


def snapshot(root):
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if ".git" not in path.parts}


def test_steps_name_inputs_and_outputs(tree, tmp_path):
    schema, script = generated.steps(sources(tree, "iree::vm::bytecode::module"), tree, tmp_path / "out", "flatcc")
    folder = tmp_path / "out/runtime/src/iree"
    assert schema.outputs == (folder / "schemas/module_def_reader.h", folder / "schemas/module_def_verifier.h")
    assert schema.inputs == (tree / "runtime/src/iree/schemas/module_def.fbs",)
    assert script.outputs == (folder / "vm/bytecode/table.c", folder / "vm/bytecode/table.h")
    assert "$(" not in " ".join(script.command)


def test_a_script_runs_and_leaves_the_tree_alone(tree, tmp_path):
    script = generated.steps(sources(tree, "iree::vm::bytecode::module"), tree, tmp_path / "out", "flatcc")[1]
    script.outputs[0].parent.mkdir(parents=True)
    before = snapshot(tree)
    subprocess.run(script.command, check=True)
    assert script.outputs[0].read_text() == "{}\n"
    assert snapshot(tree) == before


def test_flatccs_new_arguments_are_refused(tree, tmp_path):
    found = sources(tree, "iree::vm::bytecode::module")
    found.schemas = [replace(found.schemas[0], arguments=("--new",))]
    with pytest.raises(BaremetalError, match="module_def.fbs: flatcc's --new is new"):
        generated.steps(found, tree, tmp_path, "flatcc")


def test_a_tree_at_any_path(tree, tmp_path):
    place = tmp_path / "é a 'tree'"
    tree.rename(place)
    (script,) = [
        step
        for step in generated.steps(sources(place, "iree::vm::bytecode::module"), place, tmp_path / "out put", "flatcc")
        if "-B" in step.command
    ]
    assert script.command[2:] == (
        str(place / "build_tools/scripts/table.py"),
        "--in",
        str(place / "runtime/src/iree/vm/bytecode/isa.json"),
        "--out",
        str(tmp_path / "out put/runtime/src/iree/vm/bytecode/table.c"),
    )


def test_a_script_of_another_language_is_refused(tree, tmp_path):
    found = sources(tree, "iree::vm::bytecode::module")
    found.scripts = [replace(found.scripts[0], command="perl x")]
    with pytest.raises(BaremetalError, match=r"bytecode/CMakeLists.txt:2: cannot run 'perl x'"):
        generated.steps(found, tree, tmp_path, "flatcc")


def test_the_real_tree(real_tree, tmp_path):
    found = sources(real_tree, *deployments.ALL["static"].roots[:-1])
    before = snapshot(real_tree / "runtime")
    for step in generated.steps(found, real_tree, tmp_path, generated.find_tool(generated.FLATCC)):
        for output in step.outputs:
            output.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            step.command, check=True, cwd=tmp_path, env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        )
        assert all(output.is_file() for output in step.outputs)
    assert snapshot(real_tree / "runtime") == before
