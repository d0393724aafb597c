"""Every error that a user, a curator or a job row can see.

    CoversError                  exit 1
    ├── InputError               exit 2   what was given cannot be used
    │   ├── MediaError                    a file that holds no usable sound
    │   ├── TimeMapError                  segments that break the time-map contract
    │   ├── SettingsError                 a setting with an impossible value
    │   ├── NotFoundError                 a name that nothing has
    │   ├── StateError                    not possible in the state the thing is in
    │   └── TooManyAttemptsError          guessing is slowed down
    └── ExternalError            exit 1   something outside failed; trying again may help
        ├── SourceError                   a host or folder that did not deliver
        │   ├── HostError                 the host refuses or fails everybody, not this one thing
        │   ├── ExtractorError            the site has changed; a newer yt-dlp may know it
        │   └── UnavailableError          it never will: removed, not found
        │       └── PolicyError           it may not: private, protected, a refused address
        ├── PostponedError                it is not its turn yet; nothing has failed
        ├── BrokerError                   no message broker
        └── StorageError                  disk full or not writable

A message names the value and the remedy in one sentence. `retryable` tells the job runner
whether another attempt can succeed, `costs_attempt` whether this one counts, and `error_class`
what a curator can do about it: `REMEDIES`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class ErrorClass(StrEnum):
    """What kind of failure a job met."""

    TRANSIENT = "transient"
    PERMANENT = "permanent"
    EXTRACTOR_OUTDATED = "extractor_outdated"
    POLICY = "policy"
    DISK = "disk"
    NETWORK = "network"
    OURS = "ours"


REMEDIES = {
    ErrorClass.TRANSIENT: "Nothing: it is tried again by itself.",
    ErrorClass.PERMANENT: "Nothing helps: the recording cannot be had or used.",
    ErrorClass.EXTRACTOR_OUTDATED: "Update yt-dlp (`pip install --upgrade yt-dlp`), then retry.",
    ErrorClass.POLICY: "It is private, protected or refused here; leave it.",
    ErrorClass.DISK: "Make room, or raise COVERS_MEDIA_BUDGET_MIB; work goes on by itself.",
    ErrorClass.NETWORK: "Wait: the host is asked again at its next probe.",
    ErrorClass.OURS: "A defect of this program: report it with the log, then retry.",
}
"""What a curator can do about each class of error."""


class CoversError(Exception):
    """Base of all errors that are shown as one sentence instead of a traceback."""

    exit_code = 1
    retryable = False
    costs_attempt = True
    error_class = ErrorClass.PERMANENT


class InputError(CoversError):
    exit_code = 2


class MediaError(InputError):
    pass


class TimeMapError(InputError):
    pass


class SettingsError(InputError):
    pass


class NotFoundError(InputError):
    pass


class StateError(InputError):
    pass


class TooManyAttemptsError(InputError):
    pass


class ExternalError(CoversError):
    retryable = True
    error_class = ErrorClass.TRANSIENT
    until: datetime | None = None
    """Not before this moment another attempt makes sense, where that is known."""


class SourceError(ExternalError):
    pass


class HostError(SourceError):
    """A host that refuses or fails everybody.

    Attributes:
        refuses: whether it said so itself, instead of not answering
        doubtful: whether what was asked for may be to blame as well
        retry_after_s: how long it asked to be left alone
    """

    costs_attempt = False
    error_class = ErrorClass.NETWORK

    def __init__(
        self,
        message: str,
        *,
        refuses: bool = False,
        doubtful: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.refuses = refuses
        self.doubtful = doubtful
        self.retry_after_s = retry_after_s


class ExtractorError(SourceError):
    error_class = ErrorClass.EXTRACTOR_OUTDATED


class UnavailableError(SourceError):
    retryable = False
    error_class = ErrorClass.PERMANENT


class PolicyError(UnavailableError):
    error_class = ErrorClass.POLICY


class PostponedError(ExternalError):
    """It is not its turn yet; `until` says when."""

    costs_attempt = False
    error_class = ErrorClass.NETWORK

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class BrokerError(ExternalError):
    pass


class StorageError(ExternalError):
    costs_attempt = False
    error_class = ErrorClass.DISK
