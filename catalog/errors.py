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
        │   └── UnavailableError          it never will: private, removed, refused
        ├── BrokerError                   no message broker
        └── StorageError                  disk full or not writable

A message names the value and the remedy in one sentence. `retryable` tells the job runner
whether another attempt can succeed.
"""


class CoversError(Exception):
    """Base of all errors that are shown as one sentence instead of a traceback."""

    exit_code = 1
    retryable = False


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


class SourceError(ExternalError):
    pass


class UnavailableError(SourceError):
    retryable = False


class BrokerError(ExternalError):
    pass


class StorageError(ExternalError):
    pass
