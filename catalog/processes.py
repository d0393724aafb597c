"""Child processes that do not outlive their parent, even when it is killed.

On Linux the kernel sends the child a signal when the thread that started it ends. Elsewhere
there is no such thing, and a killed parent may leave its children behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What `subprocess.Popen(preexec_fn=...)` has to call in the child.

    Start such a child from a thread that lives as long as the child should.
    """
    parent = os.getpid()

    def ask_for_signal() -> None:
        if _prctl is None:
            return
        _prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died before the request stood
            os._exit(1)

    return ask_for_signal
