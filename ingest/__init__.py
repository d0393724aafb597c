"""Finding, fetching and deciding about covers; the broker, the workers and their supervisor.

The only package that knows yt-dlp and Celery's app. It stands on `catalog` alone.
"""
