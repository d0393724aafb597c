"""The curator's desk: pages and an API behind a login, where the library is changed.

`access` decides who may do what, before any view runs. Pages work without scripts; `static/desk/`
adds keys, listening and drawing.
"""
