"""Chord symbols are read whole or refused."""

import pytest

from align.simulation.score.chords import ChordError, parse_chord


def test_a_symbol_gives_root_quality_and_bass():
    chord = parse_chord("F7/A")
    assert (chord.root, chord.bass, chord.pitch_classes) == (5, 9, (5, 9, 0, 3))


@pytest.mark.parametrize("symbol", ["H", "Cfoo", "C/", "C/H", "C\n", "F/A\n", "C7\n", ""])
def test_what_is_no_symbol_is_refused(symbol):
    with pytest.raises(ChordError, match="is not ROOT QUALITY"):
        parse_chord(symbol)
