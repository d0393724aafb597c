"""What the other packages share: tables, settings, time maps, errors and the root command.

Nothing heavier than SQLAlchemy, numpy, pydantic-settings and Typer is imported here, so a web
server, a worker and a command-line call all start quickly.
"""

__version__ = "0.1.0"
