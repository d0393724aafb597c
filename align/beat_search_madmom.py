"""The best path of a `BeatModel` by madmom's Viterbi search, frame by frame.

It finds what `beat_search` finds. Only madmom's decoding code is loaded, never its networks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from align.beat_model import BeatModel, Indices, Matrix, Vector


def search_by_madmom(worth: Vector, model: BeatModel) -> Indices:
    """Frames at which the beats of the best path begin; see `beat_search.search`."""
    from madmom.ml.hmm import HiddenMarkovModel, ObservationModel, TransitionModel

    class BeatBegins(ObservationModel):  # type: ignore[misc]
        def log_densities(self, observations: Vector) -> Matrix:
            return np.stack([np.zeros(len(observations)), observations], axis=1)

    firsts = _first_states(model)
    begins = np.zeros(int(model.intervals.sum()) + 1, np.uint32)
    begins[firsts] = 1
    hmm = HiddenMarkovModel(TransitionModel(*_transitions(model)), BeatBegins(begins))
    states, _ = hmm.viterbi(worth)
    return np.flatnonzero(np.isin(states, firsts))


def _first_states(model: BeatModel) -> Indices:
    return np.cumsum(model.intervals) - model.intervals


def _transitions(model: BeatModel) -> tuple[npt.NDArray[np.generic], ...]:
    """Origins of each state, row by row, and their probabilities, as madmom wants them.

    States are the frames of each length of beat, shortest first, and last the rest.
    """
    firsts, n_tempi = _first_states(model), len(model.intervals)
    lasts, rest = firsts + model.intervals - 1, int(model.intervals.sum())
    inner = np.setdiff1d(np.arange(rest), firsts)
    pause = np.full(n_tempi, np.exp(-model.rest_price))
    to, since, probability = (
        np.concatenate(each)
        for each in (
            (inner, np.tile(firsts, n_tempi), firsts, np.full(n_tempi, rest), [rest]),
            (inner - 1, np.repeat(lasts, n_tempi), np.full(n_tempi, rest), lasts, [rest]),
            (np.ones(len(inner)), np.exp(model.changes).ravel(), pause, pause, [1.0]),
        )
    )
    rows = coo_array((probability, (to, since)), shape=(rest + 1, rest + 1)).tocsr()
    return rows.indices.astype(np.uint32), rows.indptr.astype(np.uint32), rows.data
