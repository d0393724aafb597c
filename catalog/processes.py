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
from functools import partial
from pathlib import Path

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def is_dead(process: int) -> bool:
    """Whether a process of this machine has ended, also when nobody has collected it yet.

    In a container the first process often collects nothing, and the dead keep their number.
    """
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return True
    except OSError:  # another user's, or a system without /proc
        return False
    return state in "ZX"


def tie_to_parent(parent: int, death_signal: signal.Signals = signal.SIGKILL) -> None:
    """Ask, in a child, to be signalled when its parent ends."""
    if _prctl is None:
        return
    _prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:  # it ended before the request stood
        os._exit(1)


def die_with_parent(death_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What to give to `subprocess.Popen(preexec_fn=...)`.

    Start such a child from a thread that lives as long as the child should.
    """
    return partial(tie_to_parent, os.getpid(), death_signal)
