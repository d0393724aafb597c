"""Accuracy and cost of the tracker beside Sync Toolbox, on this machine.

    python tests/benchmarks/alignment.py [METHOD...]

Aligns D911-03 (two real singers; fetched once into the cache) and the demo library by each
method and prints one row per data set and method. Without methods: all that are known. Timings
include decoding and are worth as much as the machine is idle.
"""

from __future__ import annotations

import sys
from pathlib import Path

from align.evaluation.datasets.registry import build_dataset
from align.evaluation.evaluating import evaluate_dataset
from align.evaluation.methods.registry import METHODS
from catalog.console import print_table

COLUMNS = (
    "median_ms", "p90_ms", "within_25", "within_50", "within_100", "attribution",
    "seconds_per_cover", "seconds_per_minute", "peak_mib",
)  # fmt: skip
DEMO = Path(__file__).resolve().parents[2] / "ingest" / "demo" / "londonderry-air"


def main(methods: list[str]) -> None:
    for folder in (build_dataset("schubert-d911-03", None), DEMO):
        rows = []
        for evaluation in evaluate_dataset(folder, methods, report=lambda _: None):
            summary = evaluation.document["summary"]
            rows.append([evaluation.document["method"], *(str(summary[each]) for each in COLUMNS)])
        print(folder.name)
        print_table(["method", *COLUMNS], rows)


if __name__ == "__main__":
    main(sys.argv[1:] or [each.name for each in METHODS if each.align])
