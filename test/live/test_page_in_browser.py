"""bench's page in a real browser: headless Chromium shows it without errors, at the width of a telephone and of a desk."""

import json
import re
import shutil
import subprocess

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium here to show the page in: apt-get install chromium")

# What the browser made of the page, written into it: a frame gives the width, as a window has a least one.
MEASURE = """<!DOCTYPE html><html><body><iframe width="WIDTH" height="900" srcdoc="PAGE"></iframe><pre id="told"></pre><script>
addEventListener("load", () => {
  const frame = document.querySelector("iframe"), page = frame.contentDocument, view = frame.contentWindow;
  const box = one => one.getBoundingClientRect(), all = what => [...page.querySelectorAll(what)];
  const folds = all("details"), before = folds.map(one => box(one).height);
  const focused = folds.map(one => { one.firstChild.focus(); return page.activeElement === one.firstChild; });
  folds.forEach(one => { one.firstChild.click(); });
  document.getElementById("told").textContent = JSON.stringify({
    mode: page.compatMode, errors: all("parsererror").length, width: page.documentElement.scrollWidth,
    dark: view.matchMedia("(prefers-color-scheme: dark)").matches, ground: view.getComputedStyle(page.body).backgroundColor,
    rules: page.styleSheets[0].cssRules.length, bars: all(".layers .bar > div").map(one => box(one).width),
    cells: all(".layers td:not(:empty)").filter(one => box(one).right > page.documentElement.clientWidth + 1 || one.scrollWidth > one.clientWidth + 1).length,
    buffers: all("svg g rect").map(one => [box(one).width, box(one).height]), wide: all("svg").map(one => box(one).width),
    colours: all(".stacked i").map(one => view.getComputedStyle(one).backgroundColor), focused,
    grown: folds.map((one, n) => box(one).height > before[n]), instructions: all(".code tbody tr").filter(one => box(one).height > 5).length,
  });
});
</script></body></html>"""


def shown(path, width, scheme):
    """What MEASURE tells of the page in a frame of that width; scheme: light or dark."""
    page = path.read_text().replace("&", "&amp;").replace('"', "&quot;")
    probe = path.with_name("probe.html")
    probe.write_text(MEASURE.replace("WIDTH", str(width)).replace("PAGE", page))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1600,1000"]
    command += [f"--user-data-dir={path.parent / 'chromium'}", f"--blink-settings=preferredColorScheme={int(scheme == 'light')}"]
    done = subprocess.run([*command, "--dump-dom", probe.as_uri()], capture_output=True, text=True, timeout=120)
    assert "CONSOLE" not in done.stderr, done.stderr
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told and told[1], done.stdout[-2000:] + done.stderr
    return json.loads(told[1])


@pytest.mark.parametrize("width, scheme", [(400, "light"), (400, "dark"), (1400, "light"), (1400, "dark")])
def test_the_page_is_shown(checkout, tmp_path, width, scheme):
    checkout.once("board=mps2-an386", "bench")
    [path] = checkout.folder.glob("build/mps2-an386/digits/**/digits_bench.json")
    [record] = json.loads(path.read_text())["records"]
    page = tmp_path / "page.html"
    page.write_text(path.with_suffix(".html").read_text())
    told = shown(page, width, scheme)
    assert told["mode"] == "CSS1Compat" and told["errors"] == 0 and told["rules"] > 50
    assert told["width"] <= width and told["cells"] == 0  # nothing sticks out, nothing lies over its neighbour
    assert told["dark"] == (scheme == "dark") and (told["ground"] == "rgb(255, 255, 255)") == (scheme == "light")
    costs = [row["cycles"] for row in record["kernels"]] + [record["glue_cycles"]]
    assert told["bars"] == pytest.approx([max(told["bars"]) * cost / max(costs) for cost in costs], abs=1)
    assert len(told["buffers"]) == len(record["over_time"]["buffers"]) and all(min(box) > 0 for box in told["buffers"])
    assert all(told["focused"]) and all(told["grown"]) and len(told["grown"]) == len(record["kernels"]) + 1
    assert told["instructions"] == sum(len(loop["lines"]) for row in record["kernels"] for loop in row["loops"])
    assert "rgba(0, 0, 0, 0)" not in told["colours"]
