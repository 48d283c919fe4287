"""Code by voice: what it does, where, what is risky and what changed. It is never read out as prose."""
