"""The cases of hostile model servers."""
