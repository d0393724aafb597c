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
from align.evaluation.evaluating import METHODS, evaluate_dataset
from align.evaluation.reporting import print_summary
from align.threads import one_thread

DEMO = Path(__file__).resolve().parents[2] / "ingest" / "demo" / "londonderry-air"


def main(methods: list[str]) -> None:
    for folder in (build_dataset("schubert-d911-03", None), DEMO):
        with one_thread():
            results = [evaluate_dataset(folder, each, report=lambda _: None) for each in methods]
        print(results[0]["dataset"])
        print_summary(results)


if __name__ == "__main__":
    main(sys.argv[1:] or list(METHODS))
