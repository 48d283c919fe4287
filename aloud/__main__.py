"""The console script, and ``python -m aloud``."""

from __future__ import annotations

from aloud.signals import end_while_it_begins


def main() -> None:
    """The command line, which may be interrupted from its first moment on."""
    end_while_it_begins()
    from aloud.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
