"""Small work for a small model: a title, a note of what was said. What it makes up is left out."""
