"""Jedes Wort der Seiten auf Deutsch."""

NAME = "Deutsch"

ALL_SONGS = "Infinite Covers: alle Lieder"
PAGES = "Seiten"
SONGS = "Lieder"
CHARTS = "Charts"
STATUS = "Stand"
RESEARCH = "Forschung"
LANGUAGE = "Sprache"
NEEDS_SCRIPTS = "Der Player braucht JavaScript."

# Start
CLAIM = "Ein Lied, jedes Cover, auf den Schlag."
NO_SONGS = "Noch keine Lieder."
SEE_DEMO = "Sieh es dir mit den Liedern an, die dabei sind:"
ADD_SONG = "Oder nenne ein Lied und die Aufnahme, der seine Zeit gehört:"
ADD_COVERS = "Dann gib ihm Cover; sie werden geholt, geprüft und ausgerichtet:"
AT_THE_DESK = "Oder mach alles im Browser:"
DESK = "Der Arbeitsplatz der Kuratorin"
FIND = "Suchen"
FIND_WHAT = "Ein Lied oder wer es spielt"
PERFORMERS = "Wer spielt"
EVERYTHING = "Alles zeigen"

# Ein Cover
BY = "von"
BY_UNKNOWN = "von Unbekannt"
PLAY_ON_STAGE = "Auf der Bühne abspielen"
SEE_ORIGINAL = "Zur Quelle"
PERFORMERS_PAGE = "Zur eigenen Seite der Künstler"
TERMS = "Bedingungen"
NOT_STATED = "nicht genannt"
TEMPO = "Tempo"
KEY = "Tonart"
SAME_KEY = "wie das Original"
SURE = "Sicher im Takt"
MAP = "Nach oben die Zeit dieses Covers, nach rechts die des Liedes"

# Charts
WORLD = "Was die Welt hört"
MOST_HEARD = "Am meisten gehört"
MOST_JUMPED_TO = "Am meisten angesprungen"
BY_HASHTAG = "Nach Hashtag"
NEW_TODAY = "Heute neu"
NOTHING_YET = "Noch nichts."
NOTHING_NEW = "Heute nichts Neues."
TODAY = "heute"
AS_JSON = "Als JSON:"

# Wo alles steht
STANDS = "Wo alles steht"
STATUSES = {
    "discovered": "gefunden",
    "fetching": "wird geholt",
    "fetched": "geholt",
    "screened": "geprüft",
    "aligned": "ausgerichtet",
    "in_review": "in Durchsicht",
    "published": "veröffentlicht",
    "rejected": "abgelehnt",
    "failed": "gescheitert",
    "gone": "verschwunden",
}
RELATIONS = {
    "reference": "das Original",
    "same_recording": "dieselbe Aufnahme",
    "backing_track": "Playback",
    "performance": "Aufführung",
    "background": "im Hintergrund",
    "unrelated": "etwas anderes",
}
STAGES = {
    "fetch": "holen",
    "screen": "prüfen",
    "analyse": "untersuchen",
    "align": "ausrichten",
    "decide": "entscheiden",
    "render": "umrechnen",
    "recheck": "nachsehen",
    "discover": "suchen",
}
JOBS = {"queued": "wartet", "sent": "vergeben", "running": "läuft"}
COLUMN_MAP = "Karte"
RECORDING = "Aufnahme"
RELATION = "Was es ist"
CONFIDENCE = "Sicherheit"
REASON = "Grund"
STAGE = "Schritt"
ATTEMPTS = "Versuche"
PROGRESS = "Fortschritt"
WAITING = "Was wartet und läuft"
ALL_DONE = "Nichts: alle Arbeit ist getan."
EMPTY_LIBRARY = "Die Bibliothek ist leer:"
NO_COVERS = "noch keine Cover:"
EARLIER = "Frühere Änderungen"
MORE_SONGS = "Weitere Lieder"
OLDER = "Frühere Cover"

# Wenn etwas nicht stimmt
NOT_HERE = "Hier nicht dieses Lied."
DID_NOT_WORK = "Das ging nicht."
BACK_TO_SONGS = "Alle Lieder"

_PROBLEMS = {
    404: "An dieser Adresse ist nichts.",
    405: "Das geht an dieser Adresse nicht.",
    429: "Das war zu oft. Versuch es gleich noch einmal.",
    500: "Hier ging etwas schief; was, steht im Protokoll des Servers.",
    503: "Die Bibliothek antwortet nicht. Versuch es gleich noch einmal.",
}


def nothing_named(text: str) -> str:
    """So heißt hier nichts."""
    return f"Weder ein Lied noch jemand, der spielt, heißt hier \u201e{text}\u201c."


def covers(count: int) -> str:
    """So viele Cover."""
    return f"{count} Cover"


def tempo(ratio: float) -> str:
    """Das Tempo eines Covers."""
    return f"{ratio:.2f}".replace(".", ",") + " × das Original"


def semitones(count: int) -> str:
    """Die Tonart eines Covers."""
    return f"{count:+d} {'Halbton' if abs(count) == 1 else 'Halbtöne'}"


def heard(time: str, switches: int, loops: int) -> str:
    """Was alle zusammen taten."""
    passes = "1 ganzer Durchgang" if loops == 1 else f"{loops} ganze Durchgänge"
    return f"{time} Musik, {_switches(switches)}, {passes}."


def only_counts(days: int) -> str:
    """Was von Hörenden behalten wird."""
    return (
        f"Die letzten {days} Tage, von allen zusammen. Nur diese Zahlen werden behalten: niemand "
        "wird verfolgt, und nichts hier sagt, wer es war."
    )


def heard_daily(days: int) -> str:
    """Was das Diagramm zeigt."""
    return f"Wie lange an jedem der letzten {days} Tage gehört wurde"


def day(date: str, time: str, switches: int) -> str:
    """Ein Balken des Diagramms."""
    return f"{date}: {time}, {_switches(switches)}"


def recordings_of(song: str) -> str:
    """Wovon eine Tabelle handelt."""
    return f"Aufnahmen von {song}"


def problem(status: int) -> str:
    """Was schiefging."""
    return _PROBLEMS.get(status, "Die Anfrage war nicht zu verstehen.")


def _switches(count: int) -> str:
    return "1 Sprung" if count == 1 else f"{count} Sprünge"
