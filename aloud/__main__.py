"""``python -m aloud``."""

from aloud.cli import main

main()
