"""What the ear adds to metadata: `python -m tests.benchmarks.ear [--songs 4]`.

The corpus of search hits has no sound. Here every hit gets one: a recording of the data set
`screening` (simulated songs, built on demand and kept) that is to its song what the hit is to its
own, drawn by a seed. Each recording is really heard, by the shipped tracker: its relation and its
confidence say whether it would be published, wait for a person, or be refused. A judgement is
kept in the cache, named by the model, so that a second run is quick.

Printed, for each kind of search: recall (share of the covers that pass) and precision (share of
covers among what passes) after metadata, after the ear alone, and after both. The sound of a hit
is of its kind and not of its very title, so read the figures as how the two steps work together.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from align.alignment import MODEL, Track, screen_cover
from align.audio import load_audio
from align.cache import features_of
from align.evaluation.datasets.registry import build_dataset
from align.stages import ACCEPTED
from align.threads import one_thread
from catalog.lifecycle import Relation, SearchKind, Status
from catalog.rules import Thresholds
from catalog.settings import get_settings
from ingest.stages import by_threshold
from tests.benchmarks.discovery import after_description, shares
from tests.benchmarks.search_corpus import Hit, draw_corpus
from tests.benchmarks.tables import print_table

SEED = 2026
COVER = ("performance", "performance", "performance", "backing_track")
SOUNDS = {
    "reaction": ("background", "interview"),
    "interview or talk": ("interview",),
    "tutorial": ("interview", "background"),
    "karaoke or backing track": ("copy",),
    "the same title, another thing": ("other_song", "interview"),
    "another song, named so to be found": ("other_song", "other_melody"),
    "the original": ("copy", "copy_other_speed"),
    "a performer's other uploads": ("other_song", "other_melody"),
    "strangers under the hashtag": ("other_song", "interview"),
    "compilation or loop": ("other_song",),
    "cannot be played": COVER,
    "a cover of cloth or paper": ("interview",),
}
"""What each kind of hit that is no cover sounds like; covers sound like `COVER`. A song's backing
track without a voice is a copy to the ear, as the original is: only their words tell."""


@dataclass(frozen=True)
class Heard:
    """What the tracker says of one recording. `kind` is what it was made as."""

    kind: str
    relation: str
    doubt: float
    confidence: float

    @property
    def ends_in(self) -> Status | None:
        """What the harvest does with it, by the thresholds of the settings."""
        relation = Relation(self.relation)
        if relation not in ACCEPTED:
            return Status.REJECTED
        settings = get_settings()
        thresholds = Thresholds(settings.publish_confidence, settings.reject_confidence)
        return by_threshold(relation, self.doubt, self.confidence, thresholds).status

    @property
    def passes(self) -> bool:
        """Whether it is aligned, and published or shown to a person."""
        return self.ends_in is not Status.REJECTED

    @property
    def is_published(self) -> bool:
        """Whether it is published without a person."""
        return self.ends_in is Status.PUBLISHED


def hear_song(folder: Path, song: dict[str, Any]) -> list[Heard]:
    """Judge all recordings beside one song, or read what was judged before."""
    kept = get_settings().cache_folder / "benchmarks" / f"ear-{MODEL}-{song['id']}.json"
    if kept.exists():
        return [Heard(**each) for each in json.loads(kept.read_text())]
    with one_thread():
        reference = _track(folder / song["reference"])
        heard = [_hear(folder, reference, each) for each in (*song["covers"], *song["negatives"])]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps([asdict(each) for each in heard]))
    return heard


def _hear(folder: Path, reference: Track, entry: dict[str, Any]) -> Heard:
    judgement = screen_cover(reference, _track(folder / entry["file"]))
    doubt = round(judgement.scores[Relation.UNRELATED], 4)
    return Heard(entry["kind"], judgement.relation.value, doubt, round(judgement.confidence, 4))


def _track(path: Path) -> Track:
    return Track.of(load_audio(path), features_of(path))


def give_sound(corpus: list[Hit], heard: list[Heard]) -> dict[int, Heard]:
    """A recording for each hit by its number, of a kind that it would be."""
    by_kind = defaultdict(list)
    for each in heard:
        by_kind[each.kind].append(each)
    draw = random.Random(SEED)
    return {
        hit.number: draw.choice(by_kind[draw.choice(SOUNDS.get(hit.kind, COVER))]) for hit in corpus
    }


def print_sources(corpus: list[Hit], sounds: dict[int, Heard]) -> None:
    steps: list[tuple[str, Callable[[Hit], bool]]] = [
        ("metadata", after_description),
        ("ear", lambda hit: sounds[hit.number].passes),
        ("both", lambda hit: after_description(hit) and sounds[hit.number].passes),
        ("published", lambda hit: after_description(hit) and sounds[hit.number].is_published),
    ]
    by_source = defaultdict(list)
    for hit in corpus:
        by_source[hit.source.value].append(hit)
    named = [(each.value, by_source[each.value]) for each in SearchKind if by_source[each.value]]
    rows = []
    for name, hits in (*named, ("all", corpus)):
        figures = [f"{100 * share:.0f} %" for _, step in steps for share in shares(hits, step)]
        rows.append([name, str(len(hits)), *figures])
    columns = [f"{name}: {what}" for name, _ in steps for what in ("recall", "precision")]
    print_table(["source", "hits", *columns], rows)


def print_kinds(corpus: list[Hit], sounds: dict[int, Heard]) -> None:
    """What still goes wrong after both steps, by kind of hit."""
    rows = []
    for kind in dict.fromkeys(hit.kind for hit in corpus):
        hits = [hit for hit in corpus if hit.kind == kind]
        after = [hit for hit in hits if after_description(hit)]
        left = [hit for hit in after if sounds[hit.number].passes]
        truth = "cover" if hits[0].is_cover else "none"
        rows.append([kind, truth, *(str(len(each)) for each in (hits, after, left))])
    print_table(["kind of hit", "truth", "hits", "after metadata", "after both"], rows)


def print_heard(heard: list[Heard]) -> None:
    """What the ear alone makes of each kind of recording."""
    rows = []
    for kind in dict.fromkeys(each.kind for each in heard):
        those = [each for each in heard if each.kind == kind]
        counts = (sum(each.passes for each in those), sum(each.is_published for each in those))
        rows.append([kind, str(len(those)), *map(str, counts)])
    print_table(["recording", "heard", "passed", "of these published"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=4, help="whose recordings are heard")
    options = parser.parse_args()
    folder = build_dataset("screening", None)
    songs = json.loads((folder / "dataset.json").read_text())["songs"]
    step = max(len(songs) // options.songs, 1)
    heard = [each for song in songs[::step][: options.songs] for each in hear_song(folder, song)]
    corpus = draw_corpus()
    sounds = give_sound(corpus, heard)
    print_sources(corpus, sounds)
    print_kinds(corpus, sounds)
    print_heard(heard)


if __name__ == "__main__":
    main()
