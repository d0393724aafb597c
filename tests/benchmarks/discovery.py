"""What screening by metadata keeps of a corpus of hits: `python -m tests.benchmarks.discovery`.

Prints recall (share of covers that are fetched) and precision (share of covers among what is
fetched) for each kind of search, after the listing and after the full description, and what goes
wrong by kind of hit. Then three simulated days over one library: days 2 and 3 add only what is
new. The corpus is ours: read the figures as how the rules behave, not as what a site will show.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from catalog.lifecycle import SearchKind
from catalog.rules import ScreeningRules
from catalog.songs import Found
from ingest.screening.documents import candidate_of, judge_description, screening_document
from ingest.screening.metadata import SOME_TRUST, TRUST, Wanted, screen_metadata
from ingest.sources.description import Description
from ingest.sources.facts import Facts
from tests.benchmarks.search_corpus import Hit, draw_corpus
from tests.benchmarks.tables import print_table

PERFORMER = "https://video.example/@known"


def found_of(hit: Hit) -> Found:
    """A hit as a listing gives it; channels of known performers say whose they are."""
    address = f"https://video.example/watch?v={hit.flat['id']}"
    described = dict(hit.flat)
    if hit.source is SearchKind.PERFORMERS:
        described["uploader_url"] = PERFORMER
    return Description.from_untrusted(described).as_found(
        source="video",
        source_id=hit.flat["id"],
        location=address,
        fallback="",
        facts=Facts.from_untrusted(hit.flat),
    )


def wanted_by(hit: Hit) -> Wanted:
    rules = ScreeningRules(names=hit.song.aliases)
    return Wanted((hit.song.title, *hit.song.aliases), rules, hit.song.reference_s)


def after_listing(hit: Hit) -> bool:
    trust = TRUST.get(hit.source, SOME_TRUST)
    candidate = candidate_of(found_of(hit), trust=trust, known_performers={PERFORMER})
    return screen_metadata(candidate, wanted_by(hit)).accepted


def after_description(hit: Hit) -> bool:
    is_known = hit.source is SearchKind.PERFORMERS
    trust = TRUST.get(hit.source, SOME_TRUST)
    document = screening_document(wanted_by(hit), trust=trust, known_performer=is_known)
    return after_listing(hit) and not judge_description(document, hit.full)


def shares(hits: Iterable[Hit], accepts: Callable[[Hit], bool]) -> tuple[float, float]:
    """Recall and precision."""
    hits = list(hits)
    kept = [hit for hit in hits if accepts(hit)]
    covers = sum(hit.is_cover for hit in hits)
    right = sum(hit.is_cover for hit in kept)
    return right / max(covers, 1), right / max(len(kept), 1)


def row(name: str, hits: list[Hit]) -> list[str]:
    before = sum(hit.is_cover for hit in hits) / len(hits)
    figures = (before, *shares(hits, after_listing), *shares(hits, after_description))
    return [name, str(len(hits)), *(f"{100 * each:.0f} %" for each in figures)]


def print_sources(corpus: list[Hit]) -> None:
    by_source = defaultdict(list)
    for hit in corpus:
        by_source[hit.source].append(hit)
    rows = [row(source.value, by_source[source]) for source in SearchKind if source in by_source]
    print_table(
        [
            "source",
            "hits",
            "covers",
            "recall, listed",
            "precision",
            "recall, described",
            "precision",
        ],
        [*rows, row("all", corpus)],
    )


def print_mistakes(corpus: list[Hit]) -> None:
    total = Counter(hit.kind for hit in corpus)
    wrong = Counter(hit.kind for hit in corpus if after_description(hit) != hit.is_cover)
    truth = {hit.kind: hit.is_cover for hit in corpus}
    rows = [
        [kind, "cover" if truth[kind] else "none", str(total[kind]), str(wrong[kind])]
        for kind in sorted(total, key=lambda each: (not truth[each], -wrong[each]))
    ]
    print_table(["kind of hit", "truth", "hits", "judged wrongly"], rows)


def print_three_days(corpus: list[Hit]) -> None:
    """One search for each kind of source; every day lists most of yesterday's and a third more."""
    from catalog import database
    from catalog.searches import add_search
    from catalog.songs import add_song
    from ingest.discovery.running import Counts, take_in

    database.upgrade()
    song = corpus[0].song
    hits = [hit for hit in corpus if hit.song == song and hit.source is SearchKind.YOUTUBE_SEARCH]
    third = len(hits) // 3
    with database.session() as session:
        row = add_song(session, "corpus", title=song.title)
        search = add_search(
            session, row, SearchKind.YOUTUBE_SEARCH, song.title, max_listed=500, max_new=500
        )
        days = [hits[:third], hits[third // 4 : 2 * third], hits[third:]]
        counts: list[Counts] = [
            take_in(session, search, [found_of(hit) for hit in day]) for day in days
        ]
    rows = [
        [str(day), *(str(each) for each in vars(one).values())] for day, one in enumerate(counts, 1)
    ]
    print_table(["day", "listed", "new", "known", "rejected", "left out"], rows)


def main() -> None:
    corpus = draw_corpus()
    print_sources(corpus)
    print_mistakes(corpus)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERS_DATA_FOLDER"] = folder
        print_three_days(corpus)


if __name__ == "__main__":
    main()
