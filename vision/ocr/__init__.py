"""Text and codes read in a picture."""
