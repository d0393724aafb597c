"""`python -m catalog` is the command `covers`."""

from catalog.commands import main

main()
