"""The corpus of search hits is what the benchmark says it is."""

from collections import Counter

from catalog.strangers_text import fold_words
from ingest.screening.words import find_phrase
from tests.benchmarks.search_corpus import draw_corpus


def test_the_corpus_is_large_varied_and_lies_in_both_directions():
    corpus = draw_corpus()
    kinds = Counter(hit.kind for hit in corpus)
    assert len(corpus) >= 500
    assert len(kinds) >= 20
    assert len({hit.source for hit in corpus}) == 7
    names = {hit.number: (hit.song.title, *hit.song.aliases) for hit in corpus}
    named = {
        hit.number
        for hit in corpus
        if find_phrase(fold_words(hit.full["title"]), names[hit.number]) is not None
    }
    unnamed_covers = [hit for hit in corpus if hit.is_cover and hit.number not in named]
    named_others = [hit for hit in corpus if not hit.is_cover and hit.number in named]
    assert len(unnamed_covers) > 100
    assert len(named_others) > 100


def test_the_corpus_is_the_same_every_time():
    assert draw_corpus(50) == draw_corpus(50)
    assert draw_corpus(50) != draw_corpus(50, seed=1)


def test_a_listing_says_less_than_the_full_description():
    corpus = draw_corpus()
    assert all(hit.flat.items() <= hit.full.items() for hit in corpus)
    assert all("live_status" not in hit.flat for hit in corpus)
