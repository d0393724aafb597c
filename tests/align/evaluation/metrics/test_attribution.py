import pytest

from align.evaluation.metrics.attribution import attribution_error
from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.metrics.annotations import annotate

FIVE_FOREIGN_TEN_SONG = annotate([0, 10], [5, 15], [0, 0], [[0, 5]])


@pytest.mark.parametrize(
    ("segments", "error"),
    [
        ((Segment.of([0, 10], [5, 15]),), 0.0),
        ((Segment.of([0, 10], [0, 15]),), 1 / 3),
        ((), 2 / 3),
        ((Segment.of([0, 5], [5, 10]),), 1 / 3),
    ],
)
def test_song_called_foreign_and_foreign_called_song_are_wrong(segments, error: float) -> None:
    found = attribution_error(TimeMap(segments), FIVE_FOREIGN_TEN_SONG)
    assert found == pytest.approx(error, abs=0.01)


def test_time_without_a_label_is_not_scored() -> None:
    truth = annotate([0, 10], [5, 15], [0, 0])
    assert attribution_error(TimeMap((Segment.of([0, 10], [0, 30]),)), truth) == 0
