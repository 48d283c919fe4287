"""A session put together: engines chosen, opened, warmed, and wired."""
