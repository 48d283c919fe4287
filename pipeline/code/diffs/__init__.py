"""Unified diffs: read, and what they change told."""
