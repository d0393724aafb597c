"""Documents of `covers evaluate` with known figures, without running anything."""

from collections.abc import Sequence
from typing import Any

TOLERANCES_MS = (25, 50, 70, 100, 200)
NAMES = (
    "median_ms", "p90_ms", *(f"within_{each}" for each in TOLERANCES_MS), "unmapped",
    "wrong_beat", "attribution",
)  # fmt: skip


def cover_row(number: int, within_50: float, kind: str = "full_band") -> dict[str, Any]:
    """One cover whose other figures follow from its share within 50 ms."""
    wrong = 1 - within_50
    return {
        "song": f"song-{number % 3}",
        "file": f"cover-{number}.wav",
        "kind": kind,
        "relation": "performance",
        "split": "test",
        "confidence": round(within_50, 3),
        "error": None,
        "seconds": 2.5,
        "median_ms": 10 + 50 * wrong,
        "p90_ms": 30 + 300 * wrong,
        **{f"within_{each}": min(1.0, within_50 * each / 50) for each in TOLERANCES_MS},
        "unmapped": wrong / 4,
        "wrong_beat": wrong / 2,
        "wrong_section": wrong / 3,
        "attribution": wrong / 5,
    }


def failed_row(number: int, error: str, kind: str = "full_band") -> dict[str, Any]:
    """One cover that a method could not align."""
    row = cover_row(number, 0.0, kind)
    return {key: row[key] for key in ("song", "file", "kind", "relation", "split")} | {
        "confidence": None,
        "error": error,
    }


def metrics_document(
    dataset: str, method: str, within_50: Sequence[float], **more: Any
) -> dict[str, Any]:
    """A document of as many covers as there are shares, the kinds taking turns."""
    kinds = ("full_band", "acoustic_solo")
    covers = [cover_row(each, share, kinds[each % 2]) for each, share in enumerate(within_50)]
    summary = _means(covers)
    summary["intervals"] = {key: [summary[key] * 0.9, summary[key] * 1.1] for key in NAMES}
    by_kind = {
        kind: {"n": len(rows), **_means(rows)}
        for kind in kinds
        if (rows := [each for each in covers if each["kind"] == kind])
    }
    return {
        "schema": "covers.metrics/1",
        "dataset": dataset,
        "method": method,
        "model": "covers-test/1" if method == "tracker" else None,
        "command": f"covers evaluate /home/somebody/data/{dataset} --method {method}",
        "definitions": {"error": "how far a map is from the truth"},
        "covers": covers,
        "screening": [],
        "beats": [],
        "sections": [],
        "summary": {"n_covers": len(covers)} | summary | {"by_kind": by_kind},
        **more,
    }


def _means(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    means: dict[str, Any] = {
        key: sum(each[key] for each in rows) / len(rows) for key in (*NAMES, "wrong_section")
    }
    return means | {
        "switch_within_25": 0.7, "switch_within_50": 0.8, "eer": None,
        "recall_at_1_percent": None, "confidence_auroc": 0.9, "seconds_per_cover": 2.5,
        "peak_mib": None,
    }  # fmt: skip
