"""Times of day, days and lengths of time, found in a sentence of any language."""
