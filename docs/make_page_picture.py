"""Writes docs/bench-page.png: the page of `scons board=BOARD bench` for the sample digits, as a browser shows it.

make_page_picture.py [BOARD]: the board is stm32f4 where none is named. Needs chromium and pngquant.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/bench-page.png"
WIDTH, HEIGHT = 1000, 1300  # down to the arena
CLOCK = {"stm32f4": ["clock=168M"]}


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"make_page_picture.py: failed: {' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def main(board="stm32f4"):
    tools = {name: shutil.which(name) for name in ("chromium", "pngquant")}
    if missing := [name for name, path in tools.items() if not path]:
        sys.exit(f"make_page_picture.py: {' and '.join(missing)} not found: apt-get install {' '.join(missing)}")
    run(sys.executable, "-m", "SCons", "-Q", f"board={board}", *CLOCK.get(board, []), "bench")
    [page] = (ROOT / "build" / board / "digits").glob("**/digits_bench.html")
    with tempfile.TemporaryDirectory() as folder:
        shot = f"{folder}/page.png"
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-lcd-text",
            f"--user-data-dir={folder}/chromium",
        ]
        light = "--blink-settings=preferredColorScheme=1"
        run(tools["chromium"], *options, light, f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", page.as_uri())
        run(tools["pngquant"], "--force", "--strip", "--speed=1", "--output", str(PICTURE), "64", shot)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
