"""The report as one file: whole, self-contained, and safe whatever things are called."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from align.datasets.reading import Dataset, read_dataset
from align.evaluation.report.page import Run, render_report
from align.evaluation.results import Evaluation
from tests.align.evaluation.report.conftest import EVIL, two_evaluations

SCREENING = [
    {"song": "s", "file": f"{each}.wav", "kind": "x", "split": None, "score": score,
     "relation": {"annotation": relation, "estimate": relation}, "error": None}
    for each, (relation, score) in enumerate(
        [("performance", 0.9), ("performance", 0.4), ("unrelated", 0.5), ("background", -0.3)]
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def report(folder: Path) -> str:
    dataset = read_dataset(folder)
    run = Run("covers evaluate tones --method 'a&b'")
    return render_report(two_evaluations(dataset), dataset, run)


class Outline(HTMLParser):
    """Tags that were opened and not closed, and everything that an element points to."""

    VOID = frozenset({"meta", "br", "link", "img", "path", "use", "image", "line", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href")
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_needs_nothing_beside_it(report: str) -> None:
    outline = Outline()
    outline.feed(report)
    assert outline.open == []
    assert all(each.startswith(("#", "data:image/png")) for each in outline.targets)
    assert "<script" not in report and "@import" not in report
    assert not re.search(r"url\((?!#)", report)


def test_names_are_shown_and_never_parsed(evaluations: list[Evaluation], dataset: Dataset) -> None:
    for evaluation in evaluations:
        evaluation.document["covers"][0] |= {"file": EVIL, "error": EVIL, "kind": EVIL}
        evaluation.document["summary"]["by_kind"] = {EVIL: {"n": 1, "within_50": 0.5}}
        evaluation.document["method"] = EVIL
    page = render_report(evaluations, dataset, Run(EVIL))
    assert EVIL not in page and "&lt;script&gt;" in page
    assert "<b>tones</b>" not in page and "CC0 &amp; more" in page


def test_the_head_tells_how_the_figures_were_made(report: str) -> None:
    assert "covers evaluate tones --method &#39;a&amp;b&#39;" in report
    assert "2 methods, 2 annotated covers of 1 song" in report
    assert "infinite-covers" in report and "Python 3." in report
    assert "how far a map is from the truth" in report
    assert "The figures rest on &lt;b&gt;tones&lt;/b&gt; (licence: CC0 &amp; more)" in report
    assert "No freely licensed set of real pop covers" not in report
    assert "With 1 song the intervals are not to be trusted" in report


def test_every_table_and_figure_has_a_number_of_its_own(report: str) -> None:
    for word, tag in (("Table", "<table"), ("Figure", "<figure")):
        numbers = [int(each) for each in re.findall(rf"<b>{word} (\d+)\.</b>", report)]
        assert numbers == list(range(1, report.count(tag) + 1))


def test_two_covers_have_intervals_and_no_winner(report: str) -> None:
    row = report.split('<th scope="row"><bdi>right</bdi>')[1].split("</tr>")[0]
    assert '10.0 ms<span class="below">9.0 – 11.0</span>' in row
    assert "<b>10.0 ms</b>" not in report and "star" not in row


def test_worst_covers_have_pictures_of_both_methods(report: str) -> None:
    assert report.count('aria-label="Maps of ') == 2
    assert "within 50 ms: right 100.0 %, late 0.0 %; +2 semitones." in report


def test_every_cover_of_every_method_has_a_row(report: str) -> None:
    assert report.count('<th scope="row"><bdi>first.wav</bdi>') == 2
    assert report.count('<th scope="row"><bdi>second.wav</bdi>') == 2


def test_figures_take_their_colours_from_the_page(report: str) -> None:
    assert "var(--series-0)" in report and "var(--ink)" in report
    assert "#0102" not in report and "#010203" not in report


def test_ids_are_not_given_twice(report: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', report)
    assert len(ids) == len(set(ids))


def test_screening_brings_its_figures(evaluations: list[Evaluation], dataset: Dataset) -> None:
    evaluations[0].document["screening"] = SCREENING
    evaluations[0].document["summary"]["eer"] = 0.25
    page = render_report(evaluations, dataset, Run(""))
    assert "Is it this song?" in page
    assert 'aria-label="Screening scores by true relation"' in page
    assert 'aria-label="Misses over false accepts, by method"' in page


def test_a_method_that_only_finds_beats_has_a_report_too(
    evaluations: list[Evaluation], dataset: Dataset
) -> None:
    document = evaluations[0].document
    beats_only = {
        **document, "covers": [], "summary": {"beat_f": 0.91, "n_covers": 0, "by_kind": {}}
    }  # fmt: skip
    page = render_report([Evaluation(beats_only, ())], dataset, Run(""))
    assert "91.0 %" in page and "The worst covers" not in page


def test_recordings_that_are_gone_leave_out_the_picture(
    evaluations: list[Evaluation], dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.errors import MediaError

    def fail(*_: object) -> None:
        raise MediaError("gone")

    monkeypatch.setattr("align.audio.load_audio", fail)
    assert "there is no picture" in render_report(evaluations, dataset, Run(""))
