from pathlib import Path

import numpy as np
import pytest

from align.network.weights import FOLDER
from align.relation import (
    RELATIONS,
    Judge,
    Logistic,
    Traits,
    judge_traits,
    load_judge,
)
from align.training.calibration import Example, calibrate, fit_judge, fit_logistic
from catalog.errors import InputError
from catalog.lifecycle import Relation


def examples() -> list[Example]:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(30):
        near = rng.uniform(0.8, 1.0)
        for relation, traits in {
            Relation.SAME_RECORDING: Traits(likeness=near, coverage=1, copied=1, coherence=0.6),
            Relation.BACKING_TRACK: Traits(likeness=near, coverage=1, copied=1, coherence=0.2),
            Relation.PERFORMANCE: Traits(likeness=near - 0.2, coverage=0.9, contrast=0.4),
            Relation.BACKGROUND: Traits(likeness=0.4, coverage=0.9, contrast=0.05),
            Relation.UNRELATED: Traits(likeness=0.1, coverage=0.2),
        }.items():
            within = near - 0.05 if relation is Relation.PERFORMANCE else None
            found.append(Example("a.flac", "cover", relation, traits, within))
        impostor = Traits(likeness=near - 0.2, coverage=0.9, contrast=0.4, melody=-3)
        found.append(Example("a.flac", "other_melody", Relation.UNRELATED, impostor, None))
    return found


def test_a_judge_tells_apart_what_it_was_shown() -> None:
    judge = fit_judge(examples())
    for example in examples():
        judgement = judge_traits(example.traits, judge)
        assert judgement.relation is example.relation
        assert sum(judgement.scores.values()) == pytest.approx(1)
        assert 0 <= judgement.confidence <= 1


def test_a_missing_relation_is_one_sentence() -> None:
    few = [each for each in examples() if each.relation is not Relation.BACKGROUND]
    with pytest.raises(InputError, match="no held-out recording is background"):
        fit_judge(few)


def test_another_tune_over_the_chords_has_to_be_shown() -> None:
    few = [each for each in examples() if each.kind != "other_melody"]
    with pytest.raises(InputError, match="no held-out recording is other_melody"):
        fit_judge(few)


def test_without_any_run_it_is_not_the_song() -> None:
    judgement = judge_traits(Traits(), fit_judge(examples()))
    assert judgement.relation is Relation.UNRELATED
    assert judgement.confidence == 0


def test_probabilities_are_calibrated_on_noisy_classes() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.uniform(-3, 3, (4000, 1))
    classes = (rng.random(4000) < 1 / (1 + np.exp(-inputs[:, 0]))).astype(int)
    found = fit_logistic(inputs, classes, 2).probabilities(np.array([[-1.0], [0.0], [1.5]]))[:, 1]
    assert found == pytest.approx(1 / (1 + np.exp([1.0, 0.0, -1.5])), abs=0.06)


def test_a_judge_is_read_as_it_was_written() -> None:
    judge = fit_judge(examples())
    again = Judge(
        Logistic.from_json(judge.relation.to_json()), Logistic.from_json(judge.sound.to_json())
    )
    traits = examples()[0].traits
    before, after = judge_traits(traits, judge), judge_traits(traits, again)
    assert [after.scores[each] for each in RELATIONS] == pytest.approx(
        [before.scores[each] for each in RELATIONS], abs=1e-3
    )


def test_without_examples_the_shipped_judge_is_taken_and_the_reason_told(tmp_path: Path) -> None:
    why = calibrate([], tmp_path, n_processes=1, done=lambda name: None)
    assert why is not None
    assert "add a data set" in why
    shipped = load_judge(FOLDER)
    assert np.allclose(load_judge(tmp_path).relation.weights, shipped.relation.weights)
