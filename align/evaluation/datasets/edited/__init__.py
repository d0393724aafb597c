"""edited-real: real recordings, cut, stretched, shifted and spoilt, with exact truth."""
