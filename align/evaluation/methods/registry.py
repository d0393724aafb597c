"""Every method by its name."""

from __future__ import annotations

from functools import partial

from align.alignment import MODEL
from align.evaluation.methods.beat_trackers import (
    find_beats_by_librosa,
    find_beats_by_madmom,
    require_madmom_weights,
)
from align.evaluation.methods.librosa_dtw import align_by_dtw, require_librosa
from align.evaluation.methods.method import Method
from align.evaluation.methods.mrmsdtw import align_by_mrmsdtw, require_synctoolbox
from align.evaluation.methods.qmax_screening import screen_by_qmax
from align.evaluation.methods.sectioning import (
    find_sections_by_novelty,
    find_sections_of_equal_length,
)
from align.evaluation.methods.straight import align_by_line
from align.evaluation.methods.tracker import (
    align_by_tracker,
    find_beats_by_tracker,
    find_sections_by_tracker,
    screen_by_tracker,
)
from align.evaluation.methods.unlearned import align_unlearned, screen_unlearned
from catalog.errors import InputError

ONSETS = {"chroma": None, "dlnco": "dlnco", "flux": "flux"}

TRACKER = Method(
    name="tracker",
    source="this project",
    align=align_by_tracker,
    screen=screen_by_tracker,
    find_beats=find_beats_by_tracker,
    find_sections=find_sections_by_tracker,
    model=MODEL,
)


def _mrmsdtw(feature: str, cuts: bool) -> Method:
    beside = "" if feature == "chroma" else f" and {feature}"
    first = ", after a coarse subsequence match" if cuts else ""
    return Method(
        name=f"mrmsdtw-{feature}{'-cut' if cuts else ''}",
        source=f"Sync Toolbox (Müller et al., JOSS 2021), chroma{beside}{first}",
        align=partial(align_by_mrmsdtw, onset=ONSETS[feature], cuts=cuts),
        requires=require_synctoolbox,
    )


METHODS = (
    TRACKER,
    Method(
        name="tracker-unlearned",
        source="this project's path and refinement on chroma, semitones and flux",
        align=align_unlearned,
        screen=screen_unlearned,
    ),
    *(_mrmsdtw(feature, cuts) for cuts in (False, True) for feature in ONSETS),
    Method(
        name="dtw",
        source="librosa (McFee et al., SciPy 2015): DTW of constant-Q chroma",
        align=partial(align_by_dtw, subsequence=False),
        requires=require_librosa,
    ),
    Method(
        name="subsequence-dtw",
        source="librosa (McFee et al., SciPy 2015): subsequence DTW of constant-Q chroma, "
        "at half to double speed",
        align=partial(align_by_dtw, subsequence=True),
        requires=require_librosa,
    ),
    Method(
        name="offset",
        source="one global offset by cross-correlation",
        align=partial(align_by_line, any_tempo=False),
    ),
    Method(
        name="linear",
        source="one global offset and tempo ratio by cross-correlation",
        align=partial(align_by_line, any_tempo=True),
    ),
    Method(
        name="librosa-beats",
        source="librosa (Ellis, J. New Music Research 2007)",
        find_beats=find_beats_by_librosa,
        requires=require_librosa,
    ),
    Method(
        name="madmom-beats",
        source="madmom RNN and DBN (Böck et al., ISMIR 2016), weights CC BY-NC-SA",
        find_beats=find_beats_by_madmom,
        requires=require_madmom_weights,
    ),
    Method(
        name="qmax-chroma",
        source="Qmax of chroma (Serrà et al., New J. Physics 2009)",
        screen=screen_by_qmax,
    ),
    Method(
        name="novelty",
        source="checkerboard novelty (Foote, ICME 2000)",
        find_sections=find_sections_by_novelty,
        requires=require_librosa,
    ),
    Method(
        name="equal-length",
        source="sections of 16 s",
        find_sections=find_sections_of_equal_length,
    ),
)


def method_names() -> tuple[str, ...]:
    """All names, ours first."""
    return tuple(each.name for each in METHODS)


def get_method(name: str) -> Method:
    """A method that can run here.

    Raises:
        InputError: for an unknown name, or where something that it needs is missing.
    """
    found = next((each for each in METHODS if each.name == name), None)
    if found is None:
        raise InputError(f"method {name!r} is unknown: choose from {', '.join(method_names())}")
    found.requires()
    return found


def runnable_methods() -> tuple[Method, ...]:
    """The methods that have all they need here."""
    return tuple(each for each in METHODS if _runs(each))


def _runs(method: Method) -> bool:
    try:
        method.requires()
    except InputError:
        return False
    return True
