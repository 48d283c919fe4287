"""``python -m aloud``."""

from aloud.cli.main import main

main()
