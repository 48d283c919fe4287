"""Questions to a table without a model: read, computed by SQL of our own, and answered in sentences."""
