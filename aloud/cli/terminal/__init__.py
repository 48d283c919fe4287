"""What a terminal shows, and what its keys send."""
