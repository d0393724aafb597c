"""Sounds that tell true marks from mapped ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from align.datasets.reading import Dataset
from align.evaluation.report.listening import mapped_marks, render_clicks, write_listening
from align.evaluation.results import Evaluation
from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.report.conftest import LATE_S


def test_clicks_stand_where_they_should() -> None:
    track = render_clicks(np.array([0.5, 99.0, -1.0]), 1000, 1000)
    assert np.flatnonzero(track)[0] == 501
    assert not track[540:].any()


def test_a_repeat_is_heard_each_time(dataset: Dataset) -> None:
    annotation = dataset.covers[0].annotation
    assert annotation is not None
    twice = TimeMap((Segment.of([0, 4], [0, 4]), Segment.of([0, 4], [10, 14])))
    assert len(mapped_marks(twice, annotation)) == 2 * np.sum(annotation.reference_s <= 4)
    assert len(mapped_marks(None, annotation)) == 0


@pytest.mark.parametrize(("method", "apart_s"), [(0, 0.0), (1, LATE_S)])
def test_truth_is_left_and_the_method_right(
    evaluations: list[Evaluation], tmp_path: Path, method: int, apart_s: float
) -> None:
    path = tmp_path / "listen" / "a.ogg"
    write_listening(path, evaluations[method].covers[0])
    stereo, rate = soundfile.read(path)
    difference = np.abs(stereo[:, 0] - stereo[:, 1])
    assert (difference.max() > 0.2) == (apart_s > 0)
    mark_s = 4.0
    here = slice(round((mark_s + 0.001) * rate), round((mark_s + 0.012) * rate))
    early = slice(*(each - round(apart_s * rate) for each in (here.start, here.stop)))
    if apart_s:
        left, right = (stereo[:, side] ** 2 for side in (0, 1))
        assert left[here].sum() > 2 * right[here].sum()
        assert right[early].sum() > 2 * left[early].sum()
