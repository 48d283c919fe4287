"""The stream from what was heard and seen to what is said. Rests on ``voice``, ``vision`` and ``config``."""
