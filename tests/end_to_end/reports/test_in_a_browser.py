"""The report in a real browser, found on PATH: no error, no request, and everything is seen and legible."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load
from deeplimits.reports import write_report
from deeplimits.sweeps import Inline, Store, run_sweep

TOYS = Path(__file__).parents[2] / "toy_experiments.py"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
    "--dump-dom",
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium, chromium-browser or google-chrome on PATH")

WATCH = """<script>
const problems = [];
addEventListener("error", (event) => problems.push(String(event.message)));
addEventListener("securitypolicyviolation", (event) => problems.push(event.blockedURI + " " + event.violatedDirective));
</script>"""
PROBE = """<script>
const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const numbers = (color) => (color.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const contrast = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};
const opaque = (color) => color.length < 4 || color[3] > 0;
const background = (node) => {
  for (; node; node = node.parentElement) {
    const color = numbers(getComputedStyle(node).backgroundColor);
    if (opaque(color)) return color;
  }
  return [255, 255, 255];
};
const lowest = (pairs) => pairs.reduce((low, pair) => (pair[0] < low[0] ? pair : low), [99, ""]);
const texts = () => lowest([...document.querySelectorAll("main *")]
  .filter((node) => !node.closest("svg") && [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
  .map((node) => [contrast(numbers(getComputedStyle(node).color), background(node)), node.outerHTML.slice(0, 80)]));
const lines = () => lowest([...document.querySelectorAll("svg path, svg use")]
  .flatMap((node) => ["fill", "stroke"].map((what) => getComputedStyle(node)[what])
    .filter((paint) => paint.startsWith("rgb")).map(numbers)
    .filter((c) => !node.closest("clipPath, defs") && ![...document.paint].includes(c.join()))
    .map((c) => [contrast(c, background(document.body)), node.id + " " + c])));
const found = { problems, themes: {} };
for (const theme of ["light", "dark"]) {
  document.documentElement.dataset.theme = theme;
  const css = getComputedStyle(document.documentElement), swatch = document.createElement("i");
  document.body.append(swatch);
  document.paint = ["--c-ffffff", "--c-d4d8de"].map((name) => {
    swatch.style.color = `var(${name})`;
    return numbers(getComputedStyle(swatch).color).join();
  });
  swatch.remove();
  found.themes[theme] = { text: texts(), line: lines(), paper: background(document.body).slice(0, 3) };
}
found.drawings = [...document.querySelectorAll(".drawing svg")].map((svg) => {
  const box = svg.getBoundingClientRect();
  return { width: box.width, height: box.height, alt: svg.getAttribute("aria-label") };
});
found.wide = document.documentElement.scrollWidth - innerWidth;
const cells = [...document.querySelectorAll("table")].at(-2);
const place = [...cells.tHead.rows[0].cells].findIndex((c) => c.textContent === "square");
const column = () => [...cells.tBodies[0].rows].map((row) => row.cells[place].textContent);
const button = cells.tHead.rows[0].cells[place].querySelector("button");
button.click(); found.up = column(); button.click(); found.down = column();
document.querySelector(".theme").click(); found.next = document.documentElement.dataset.theme;
// Violations and requests are told of in tasks of their own: they are collected when all of these have run.
addEventListener("load", () => setTimeout(() => {
  found.requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  const out = document.createElement("script");
  out.type = "application/json"; out.id = "found"; out.textContent = JSON.stringify(found);
  document.body.append(out);
}, 500));
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("run")
    experiment = load(f"{TOYS}:Figured")
    run_sweep(experiment, experiment.grid("quick"), out=folder, executor=Inline())
    return write_report(Store.open(folder), experiment).read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=[1600, 500], ids=["projector", "phone"])
def seen(request: pytest.FixtureRequest, page: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return look(page, request.param, tmp_path_factory.mktemp("browser"))


def look(page: str, width: int, folder: Path) -> dict[str, Any]:
    """Return what a script in the page finds, in a window of this width."""
    probed = folder / "probed.html"
    probed.write_text(
        page.replace("<title>", f"{WATCH}<title>").replace("</body>", f"{PROBE}</body>"), encoding="utf-8"
    )
    command = [BROWSER, *OPTIONS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},1000"]
    done = subprocess.run([*command, probed.as_uri()], capture_output=True, text=True, check=True, timeout=120)
    result = re.search(r'<script type="application/json" id="found">(.*?)</script>', done.stdout, re.DOTALL)
    assert result is not None, done.stderr
    return {**json.loads(result.group(1)), "console": re.findall(r"CONSOLE.*", done.stderr)}


def test_no_error_and_no_request(seen: dict[str, Any]) -> None:
    assert seen["problems"] == []
    assert seen["console"] == []
    assert seen["requests"] == []


def test_every_figure_is_seen_and_has_its_words(seen: dict[str, Any]) -> None:
    (drawing,) = seen["drawings"]  # the two others of this experiment cannot be drawn
    assert drawing["width"] > 400 and drawing["height"] > 150
    assert drawing["alt"] == "Squares grow. i² against i, & what a limit says."


def test_the_page_is_no_wider_than_the_window(seen: dict[str, Any]) -> None:
    assert seen["wide"] <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_is_legible_in_both_themes(seen: dict[str, Any], theme: str) -> None:
    found = seen["themes"][theme]
    # Web Content Accessibility Guidelines 2.1, 1.4.3 and 1.4.11: 4.5 for text, 3 for the parts of a drawing.
    assert found["text"][0] >= 4.5, found["text"]
    assert found["line"][0] >= 3.0, found["line"]
    assert (sum(found["paper"]) > 600) == (theme == "light")


def test_a_table_is_sorted_by_value_with_the_missing_below(seen: dict[str, Any]) -> None:
    ascending = ["0.00(25)", "1.00(25)", "4.00(25)", "9.00(25)", "16.00(25)"]
    assert seen["up"] == [*ascending, ""]
    assert seen["down"] == [*ascending[::-1], ""]


def test_the_theme_can_be_chosen(seen: dict[str, Any]) -> None:
    assert seen["next"] == "auto"  # after dark, which the probe had set


def test_a_page_with_faults_is_found_out(page: str, tmp_path: Path) -> None:
    faults = '<img src="https://example.invalid/a.png"><p style="color: #999">pale</p><script>missing()</script>'
    seen = look(page.replace("</main>", f"{faults}</main>"), 1600, tmp_path)
    assert any("example.invalid" in problem for problem in seen["problems"])
    assert any("missing is not defined" in problem for problem in seen["problems"])
    assert seen["console"] != []
    assert seen["themes"]["light"]["text"][0] < 4.5
