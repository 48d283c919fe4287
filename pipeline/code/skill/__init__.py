"""What is asked of code by voice: its lines, its parts, what changed, a review that is walked through."""
