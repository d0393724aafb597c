"""One recording as all methods see it: decoded once, described once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from align.alignment import Track
from align.analysis import MusicAnalysis
from align.audio import Audio, load_audio
from align.descriptors import Descriptors, describe
from align.evaluation.methods.workspace import Workspace
from align.features import Features, compute_features
from align.likeness import Heard
from align.network.hearing import Listener


@dataclass(frozen=True)
class Recording:
    """A file, and what the run's workspace keeps of it."""

    file: Path
    workspace: Workspace

    def audio(self) -> Audio:
        """Mono sound at 22.05 kHz."""
        return self.workspace.keep(self.file, "audio", lambda: load_audio(self.file))

    def features(self) -> Features:
        """The product's own log-frequency spectrograms."""
        return self.workspace.keep(self.file, "features", lambda: compute_features(self.audio()))

    def descriptors(self) -> Descriptors:
        """The product's own chroma, semitones and attacks at 50 frames/s."""
        return self.workspace.keep(self.file, "descriptors", lambda: describe(self.features()))

    def heard(self) -> Heard:
        """What the tracker's networks hear."""
        return self.workspace.keep(
            self.file,
            "heard",
            lambda: Heard.of(Listener(self.features()), self.descriptors()),
        )

    def track(self) -> Track:
        """What the tracker takes."""
        return replace(self._unanalysed(), analysis=self.analysis())

    def analysis(self) -> MusicAnalysis:
        """The tracker's beats, downbeats and sections."""
        return self.workspace.keep(self.file, "analysis", lambda: self._unanalysed().analyse())

    def _unanalysed(self) -> Track:
        return Track(self.features(), self.descriptors(), self.heard(), self.audio())
