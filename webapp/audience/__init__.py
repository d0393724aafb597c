"""What listeners leave behind and come back to: plays, mixes, reports, pages of covers."""
