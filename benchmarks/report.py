"""Keep measured rows in results.json, and render them as RESULTS.md."""

import json

from harness import HERE

RESULTS, PAGE = HERE / "results.json", HERE / "RESULTS.md"

HEAD = """# Measured speed

Rendered by `python benchmarks/measure.py --write`, which measures; nothing here is written by hand. Rates are per core
and second of *processor time*, medians over alternating runs in pinned processes ± half the distance of the quartiles;
wall time where it says so. A *neuron-layer* is one neuron of one layer of one network. The *bound* is the generator of
normal numbers alone, on the same core: a layer needs one normal number a neuron. The load average counts what else ran:
processor time suffers little from it, wall time much. Baselines are measured beside ours, written as well as PyTorch
allows. *Recorded*, elsewhere, not here: batched dense PyTorch 89 s of processor for 10⁸ neuron-layers (1.1 M/s), a C
kernel 650 to 700 M neuron-layers/s/core.
"""


def keep(name, record):
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = record
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def render(order):
    """Write the page: one table for all rows that were ever kept, in ``order``."""
    kept = json.loads(RESULTS.read_text())
    parts = [HEAD, "| what | asked | measured | met | more | row | date, load |", "|---|---|---|---|---|---|---|"]
    for name in order:
        record = kept.get(name)
        for entry in record["lines"] if record else ():
            met = {True: "yes", False: "**no**", None: ""}[entry["met"]]
            cells = [entry["quantity"], entry["asked"], entry["measured"], met, entry["detail"], f"`{name}`"]
            parts.append("| " + " | ".join([*cells, f"{record['date']}, {record['load']}"]) + " |")
    missing = [f"`{name}`" for name in order if name not in kept]
    if missing:
        parts += ["", f"Not measured yet: {', '.join(missing)}."]
    machines = sorted({record["machine"] for record in kept.values()})
    parts += ["", "Each row: `python benchmarks/measure.py ROW`. Machine: " + "; ".join(machines) + "."]
    PAGE.write_text("\n".join(parts) + "\n")
