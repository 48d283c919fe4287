"""States in which Aloud's folder may be found: each a small function that brings a sound one there."""
