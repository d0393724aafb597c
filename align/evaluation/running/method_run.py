"""One method on one data set: its tasks, their outcomes, and the document made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from align.datasets.reading import CoverEntry, Dataset, NegativeEntry, RecordingEntry
from align.datasets.truth import SectionTruth
from align.evaluation.heading import heading
from align.evaluation.methods.method import (
    Aligned,
    FoundBeats,
    FoundSections,
    Method,
    Screened,
)
from align.evaluation.metrics.marks import mark_errors
from align.evaluation.metrics.switching import SongSwitches, SwitchingCover, count_switches
from align.evaluation.results import Document, EvaluatedCover, Evaluation
from align.evaluation.rows import (
    KnownSections,
    beats_row,
    cover_row,
    screening_row,
    sections_row,
)
from align.evaluation.running.command import shown_command
from align.evaluation.running.cost import ColdCost, measure_cold
from align.evaluation.running.tasks import Outcome, RunTasks, Task
from align.evaluation.summary.columns import Rows
from align.evaluation.summary.summarising import summarise
from catalog.time_map import TimeMap

Entry = CoverEntry | NegativeEntry | RecordingEntry
AnyEntry = TypeVar("AnyEntry", bound=Entry)


@dataclass(frozen=True)
class MethodRun:
    """What one method is to be measured on.

    Attributes:
        run: does tasks and yields their outcomes in order
        report: is told of each recording that is done
        command: what was typed, empty where nothing was
    """

    folder: Path
    dataset: Dataset
    method: Method
    run: RunTasks
    report: Callable[[str], None]
    command: str = ""

    def evaluate(self, *, cost: bool) -> Evaluation:
        """Do all that the method can do and the data set has truth for."""
        aligned = self._align()
        screened = self._screen(aligned)
        recordings = self.dataset.recordings
        with_beats = [each for each in recordings if each.beats and self.method.find_beats]
        with_sections = [each for each in recordings if each.sections and self.method.find_sections]
        beats = self._outcomes("beats", with_beats)
        sections = self._outcomes("sections", with_sections)
        maps = sorted(_evaluated(aligned), key=lambda each: self._place(each.entry))
        rows = Rows(
            covers=self._sorted(
                cover_row(each, self._name(each), outcome, self._sections(each, sections))
                for each, outcome in aligned
            ),
            screening=self._sorted(
                screening_row(each, self._name(each), outcome) for each, outcome in screened
            ),
            beats=self._sorted(beats_row(each, self._name(each), done) for each, done in beats),
            sections=self._sorted(
                sections_row(each, self._name(each), done) for each, done in sections
            ),
            maps=maps,
            switches=self._switches(maps),
        )
        slowest = self._longest([*aligned, *screened, *beats, *sections])
        cold = measure_cold(slowest) if cost and slowest and self.method.timed else None
        return Evaluation(self._document(rows, cold), tuple(maps))

    def _align(self) -> list[tuple[CoverEntry, Outcome]]:
        if self.method.align is None:
            return []
        return self._outcomes("align", [each for each in self.dataset.covers if each.annotation])

    def _screen(
        self, aligned: Sequence[tuple[CoverEntry, Outcome]]
    ) -> list[tuple[CoverEntry | NegativeEntry, Outcome]]:
        """Verdicts given while aligning, and those on everything else."""
        if self.method.screen is None:
            return []
        judged: list[tuple[CoverEntry | NegativeEntry, Outcome]] = [
            (entry, outcome) for entry, outcome in aligned if _verdict(outcome) or outcome.error
        ]
        seen = {(each.song, each.file) for each, _ in judged}
        rest: list[CoverEntry | NegativeEntry] = [
            each for each in self.dataset.covers if (each.song, each.file) not in seen
        ]
        rest += self.dataset.negatives
        return [*judged, *self._outcomes("screen", rest)]

    def _outcomes(self, kind: str, entries: Sequence[AnyEntry]) -> list[tuple[AnyEntry, Outcome]]:
        tasks = [self._task(kind, each) for each in entries]
        return list(zip(entries, self._reported(tasks), strict=True))

    def _reported(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        for task, outcome in zip(tasks, self.run(tasks), strict=True):
            trouble = f": {outcome.error}" if outcome.error else ""
            self.report(f"{task.method.name}: {task.file.name}{trouble}")
            yield outcome

    def _task(self, kind: str, entry: Entry) -> Task:
        reference = None if isinstance(entry, RecordingEntry) else entry.reference
        return Task(self.method, kind, entry.file, reference)

    def _name(self, entry: Entry) -> str:
        """Path of a file within the data set, as `dataset.json` has it."""
        return entry.file.relative_to(self.folder).as_posix()

    def _place(self, entry: Entry) -> tuple[str, str]:
        return entry.song, self._name(entry)

    def _sorted(self, rows: Iterator[Document]) -> list[Document]:
        return sorted(rows, key=lambda row: (row["song"], row["file"]))

    def _reference(self, cover: CoverEntry) -> RecordingEntry:
        return self.dataset.recording(cover.reference)

    def _sections(
        self, cover: CoverEntry, done: Sequence[tuple[RecordingEntry, Outcome]]
    ) -> KnownSections:
        found = {entry.file: outcome.found for entry, outcome in done}.get(cover.reference)
        reference = self._reference(cover)
        return KnownSections(
            reference=reference.sections,
            beats=reference.beats,
            cover=self.dataset.recording(cover.file).sections,
            found=(
                SectionTruth(found.spans_s, found.labels)
                if isinstance(found, FoundSections)
                else None
            ),
        )

    def _switches(self, maps: Sequence[EvaluatedCover]) -> list[SongSwitches]:
        """Of each song, in the order of the maps."""
        songs = sorted({each.entry.song for each in maps})
        return [
            self._song_switches([each for each in maps if each.entry.song == song])
            for song in songs
        ]

    def _song_switches(self, maps: Sequence[EvaluatedCover]) -> SongSwitches:
        """At the reference's annotated beats, or at the marks where there are none."""
        beats = self._reference(maps[0].entry).beats
        covers = [
            SwitchingCover(self._name(each.entry), each.estimate or TimeMap(), annotation)
            for each in maps
            if (annotation := each.entry.annotation) is not None
        ]
        marks_s = [each.annotation.reference_s for each in covers]
        return count_switches(covers, beats.time_s if beats else np.unique(np.concatenate(marks_s)))

    def _longest(self, done: Sequence[tuple[Entry, Outcome]]) -> Task | None:
        """The first kind of task that was done, on its longest recordings."""
        known = [(entry, outcome) for entry, outcome in done if outcome.found is not None]
        if not known:
            return None
        kind = _kind(known[0][1])
        entry, _ = max(
            (pair for pair in known if _kind(pair[1]) == kind),
            key=lambda pair: pair[1].duration_s,
        )
        return self._task(kind, entry)

    def _usual_command(self) -> str:
        return shown_command(["evaluate", self.folder.name, "--method", self.method.name])

    def _document(self, rows: Rows, cold: ColdCost | None) -> Document:
        return {
            "schema": "covers.metrics/1",
            **heading(self.method, self.dataset, self.folder),
            "licence": self.dataset.licence,
            "command": self.command or self._usual_command(),
            "covers": list(rows.covers),
            "screening": list(rows.screening),
            "beats": list(rows.beats),
            "sections": list(rows.sections),
            "summary": summarise(rows, cold),
        }


def _evaluated(aligned: Sequence[tuple[CoverEntry, Outcome]]) -> Iterator[EvaluatedCover]:
    for entry, outcome in aligned:
        assert entry.annotation is not None
        estimate = outcome.found.time_map if isinstance(outcome.found, Aligned) else None
        errors_ms = mark_errors(estimate or TimeMap(), entry.annotation)
        yield EvaluatedCover(entry, estimate, errors_ms)


def _verdict(outcome: Outcome) -> Screened | None:
    return outcome.found.screened if isinstance(outcome.found, Aligned) else None


def _kind(outcome: Outcome) -> str:
    """The kind of task that ends in what was found."""
    kinds = {Aligned: "align", Screened: "screen", FoundBeats: "beats", FoundSections: "sections"}
    return kinds[type(outcome.found)]
