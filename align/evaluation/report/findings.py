"""What a reader must know before the figures: what failed, what was turned away, what is small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from align.evaluation.results import Document
from catalog.measures import OWN_DATASETS, REJECTED, rejected_covers

GROUPS = ("covers", "screening", "beats", "sections")
FEWEST_SONGS = 5
"""With fewer, a bootstrap over songs has too little to draw from."""
MOST_NAMED = 3
OWN_GROUND = (
    "No freely licensed set of real pop covers with known truth exists. Figures published with "
    "this program rest on simulated covers, on real recordings edited with exact truth, and on "
    "one song by two classical singers; they say how methods compare under those conditions, and "
    "not how they would do on any cover found in the wild."
)


@dataclass(frozen=True)
class Failures:
    """Recordings of one method: how many there were, and why some failed, by file."""

    method: str
    n: int
    reasons: dict[str, str]

    def sentence(self) -> str:
        """The first few by name, the others as a number."""
        named = [f"{file}: {why}" for file, why in list(self.reasons.items())[:MOST_NAMED]]
        more = len(self.reasons) - len(named)
        told = "; ".join([*named, *([f"and {more} more"] if more else [])])
        head = f"{self.method}: {len(self.reasons)} of {count(self.n, 'recording')} failed"
        return f"{head}: {told}"


def find_failures(document: Document) -> Failures:
    """Of all that a method did: alignment, screening, beats and sections."""
    rows = [row for group in GROUPS for row in document.get(group) or []]
    reasons = {row["file"]: str(row["error"]) for row in rows if row.get("error")}
    return Failures(document["method"], len({row["file"] for row in rows}), reasons)


def failure_sentences(documents: Sequence[Document]) -> list[str]:
    """One of each method on which something failed."""
    found = [find_failures(each) for each in documents]
    return [each.sentence() for each in found if each.reasons]


def everything_failed(documents: Sequence[Document]) -> bool:
    """Whether no method did anything on any recording."""
    rows = [row for each in documents for group in GROUPS for row in each.get(group) or []]
    return bool(rows) and all(row.get("error") for row in rows)


def rejection_sentences(documents: Sequence[Document]) -> list[str]:
    """One of each method that took covers for other songs."""
    found = [(each, len(rejected_covers(each))) for each in documents]
    return [
        f"{each['method']}: {n} of {count(len(each['covers']), 'cover')} {REJECTED}, "
        "with an empty map that counts as 10 s."
        for each, n in found
        if n
    ]


def count_songs(documents: Sequence[Document]) -> int:
    """Songs of all rows."""
    rows = (row for each in documents for group in GROUPS for row in each.get(group) or [])
    return len({row["song"] for row in rows})


def small_set_sentence(n_songs: int) -> str | None:
    """A warning where intervals mean little, `None` where they can be trusted."""
    if n_songs >= FEWEST_SONGS:
        return None
    return (
        f"With {count(n_songs, 'song')} the intervals are not to be trusted: {FEWEST_SONGS} are "
        "needed, and no difference is marked as significant."
    )


def describe_contents(document: Document) -> str:
    """What a data set had for a method to do, such as `2 annotated covers of 1 song`."""
    words = {
        "covers": "annotated cover",
        "screening": "recording to judge|recordings to judge",
        "beats": "recording with beats|recordings with beats",
        "sections": "recording with sections|recordings with sections",
    }
    parts = []
    for group, name in words.items():
        rows = document.get(group) or []
        if rows:
            songs = count(len({row["song"] for row in rows}), "song")
            parts.append(f"{count(len(rows), name)} of {songs}")
    return ", ".join(parts)


def describe_ground(name: str, licence: str | None, contents: str) -> str:
    """What figures on a data set rest on."""
    if name in OWN_DATASETS:
        return OWN_GROUND
    stated = f"licence: {licence}" if licence else "licence not stated"
    return (
        f"The figures rest on {name} ({stated}): {contents}. They hold for recordings like these."
    )


def count(n: int, name: str) -> str:
    """`1 cover`, `2 covers`; a name with an irregular plural is `one|many`."""
    one, _, many = name.partition("|")
    return f"{n} {one if n == 1 else many or one + 's'}"
