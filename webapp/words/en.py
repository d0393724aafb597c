"""Every word of the pages. A translation is another file with the same names."""

NAME = "English"

ALL_SONGS = "Infinite Covers: all songs"
PAGES = "Pages"
SONGS = "Songs"
CHARTS = "Charts"
STATUS = "Status"
RESEARCH = "Research"
LANGUAGE = "Language"
NEEDS_SCRIPTS = "The player needs JavaScript."

# Home
CLAIM = "One song, every cover, on the beat."
NO_SONGS = "No songs yet."
SEE_DEMO = "See it work with the songs that come along:"
ADD_SONG = "Or name a song and the recording that owns its timeline:"
ADD_COVERS = "Then give it covers; they are fetched, screened and aligned:"
AT_THE_DESK = "Or do it all in the browser:"
DESK = "The curator's desk"
FIND = "Find"
FIND_WHAT = "A song or a performer"
PERFORMERS = "Performers"
EVERYTHING = "Show everything"

# A cover
BY = "by"
BY_UNKNOWN = "by an unknown performer"
PLAY_ON_STAGE = "Play it on the stage"
SEE_ORIGINAL = "See the original"
PERFORMERS_PAGE = "The performer's own page"
TERMS = "Terms"
NOT_STATED = "not stated"
TEMPO = "Tempo"
KEY = "Key"
SAME_KEY = "as the reference"
SURE = "Sure of the beat"
MAP = "This cover's time, upwards, over the song's time"

# Charts
WORLD = "What the world hears"
MOST_HEARD = "Most heard"
MOST_JUMPED_TO = "Most jumped to"
BY_HASHTAG = "By hashtag"
NEW_TODAY = "New today"
NOTHING_YET = "Nothing yet."
NOTHING_NEW = "Nothing new today."
TODAY = "today"
AS_JSON = "As JSON:"

# Where everything stands
STANDS = "Where everything stands"
STATUSES = {
    "discovered": "discovered",
    "fetching": "fetching",
    "fetched": "fetched",
    "screened": "screened",
    "aligned": "aligned",
    "in_review": "in review",
    "published": "published",
    "rejected": "rejected",
    "failed": "failed",
    "gone": "gone",
}
RELATIONS = {
    "reference": "the reference",
    "same_recording": "same recording",
    "backing_track": "backing track",
    "performance": "performance",
    "background": "background",
    "unrelated": "unrelated",
}
STAGES = {
    "fetch": "fetch",
    "screen": "screen",
    "analyse": "analyse",
    "align": "align",
    "decide": "decide",
    "render": "render",
    "recheck": "recheck",
    "discover": "discover",
}
JOBS = {"queued": "queued", "sent": "sent", "running": "running"}
COLUMN_MAP = "Map"
RECORDING = "Recording"
RELATION = "Relation"
CONFIDENCE = "Confidence"
REASON = "Reason"
STAGE = "Stage"
ATTEMPTS = "Attempts"
PROGRESS = "Progress"
WAITING = "Waiting and running"
ALL_DONE = "Nothing: all work is done."
EMPTY_LIBRARY = "The library is empty:"
NO_COVERS = "no covers yet:"
EARLIER = "Earlier changes"
MORE_SONGS = "More songs"
OLDER = "Earlier covers"

# When something is wrong
NOT_HERE = "Not this song here."
DID_NOT_WORK = "That did not work."
BACK_TO_SONGS = "All songs"


_PROBLEMS = {
    404: "There is nothing at this address.",
    405: "That cannot be done at this address.",
    429: "That was too often. Try again in a moment.",
    500: "Something went wrong here; the server's log says what.",
    503: "The library does not answer. Try again in a moment.",
}


def nothing_named(text: str) -> str:
    """Nothing is called so."""
    return f"No song and no performer here is called \u201c{text}\u201d."


def covers(count: int) -> str:
    """So many covers."""
    return "1 cover" if count == 1 else f"{count} covers"


def tempo(ratio: float) -> str:
    """A cover's tempo."""
    return f"{ratio:.2f} × the reference"


def semitones(count: int) -> str:
    """A cover's key."""
    return f"{count:+d} semitone{'' if abs(count) == 1 else 's'}"


def heard(time: str, switches: int, loops: int) -> str:
    """What everybody did."""
    full_loops = "1 full loop" if loops == 1 else f"{loops} full loops"
    return f"{time} of music, {_switches(switches)}, {full_loops}."


def only_counts(days: int) -> str:
    """What is kept of listeners."""
    return (
        f"The last {days} days, of everybody together. Only these counts are kept: nobody is "
        "followed, and nothing here says who."
    )


def heard_daily(days: int) -> str:
    """What the chart shows."""
    return f"Time heard on each of the last {days} days"


def day(date: str, time: str, switches: int) -> str:
    """One bar of the chart."""
    return f"{date}: {time}, {_switches(switches)}"


def recordings_of(song: str) -> str:
    """What a table is about."""
    return f"Recordings of {song}"


def problem(status: int) -> str:
    """What went wrong."""
    return _PROBLEMS.get(status, "The request was not understood.")


def _switches(count: int) -> str:
    return "1 switch" if count == 1 else f"{count} switches"
