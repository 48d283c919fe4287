"""Pictures: opened safely, made upright and clean, read on this machine. Rests on ``config`` alone."""
