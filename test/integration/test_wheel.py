"""The wheel in a virtual environment of its own: five lines in a folder with nothing else."""

import subprocess
import sys
import sysconfig
import venv

import pytest
from projects import ROOT, Project


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter with the built wheel; its dependencies are those of the one that runs the test."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    venv.create(folder / "venv", symlinks=True)
    installed = folder / "venv" / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    run(*pip, "install", "--no-deps", "--target", installed, next(folder.glob("*.whl")))
    (installed / "others.pth").write_text(sysconfig.get_paths()["purelib"])
    return folder / "venv" / "bin" / "python3"


def test_five_lines(python, tmp_path):
    project = Project.copy("wheel", tmp_path / "empty folder")
    project.add_model()
    printed = project.run("run", "verify", python=python)
    assert "\nit runs\n" in printed and "on stm32f4 agree with the host" in printed
    assert project.run("digits.elf", python=python).strip().endswith("up to date.")


def test_what_travels_with_it(python):
    code = "import iree_baremetal.board as b; print(b.BUILTIN, *b.names(), b.SUPPORT)"
    folder, *names, support = run(python, "-c", code).split()
    assert str(python.parents[1]) in folder and str(python.parents[1]) in support
    assert set(names) == {path.stem for path in (ROOT / "boards").glob("*.py")}
    code = "import iree_baremetal.board as b; [b.load(name).source_files for name in b.names()]"
    run(python, "-c", code)


def test_the_command(python):
    assert "import " in run(python, "-m", "iree_baremetal", "--help")
    script = next((python.parents[1] / "lib").rglob("bin/iree-baremetal"))
    assert (
        run(python, script, "--version").strip() == run(python, "-c", "import iree_baremetal as b; print(b.__version__)").strip()
    )
