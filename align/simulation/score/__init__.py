"""Lead sheets: melody, chords and sections of a song."""
