"""Measure speeds, beside what was asked, beside the machine's bound and beside other libraries.

    python benchmarks/measure.py [ROW ...] [--torch PYTHON] [--write]

Without a row every row is run, the quick ones first. Variants of a row run by turns in processes pinned to one core.
--torch names a Python with torch installed for the baselines; without it the ratios to PyTorch are left out.
--write keeps the results in benchmarks/results.json and renders benchmarks/RESULTS.md from all that is kept there.
"""

import argparse
import os
from datetime import UTC, datetime

import deep
import gp
import harness
import kernels
import report
import samplers
import sweeping
import training

ROWS = (*samplers.ROWS, *sweeping.ROWS, *training.ROWS, *kernels.ROWS, *gp.ROWS, *deep.ROWS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    rows = {row.__name__: row for row in ROWS}
    parser.add_argument("row", nargs="*", help=f"one of {', '.join(rows)}")
    parser.add_argument("--torch", metavar="PYTHON", help="a Python that has torch")
    parser.add_argument("--write", action="store_true", help="keep the results and render RESULTS.md")
    options = parser.parse_args()
    unknown = set(options.row) - set(rows)
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(rows)}")
    for name in options.row or rows:
        lines = []
        for entry in rows[name](options):
            print(
                f"{name}: {entry['quantity']}: {entry['measured']} (asked {entry['asked']}) {entry['detail']}",
                flush=True,
            )
            lines.append(entry)
        record = {
            "lines": lines,
            "date": datetime.now(UTC).date().isoformat(),
            "load": round(os.getloadavg()[0], 1),
            "machine": harness.machine(),
        }
        if options.write:
            report.keep(name, record)
    if options.write:
        report.render(list(rows))


if __name__ == "__main__":
    main()
