"""The web server: a public JSON API, media with byte ranges, and the pages around the player.

It reads the catalog and nothing else: no model and no downloader is ever imported here.
"""
