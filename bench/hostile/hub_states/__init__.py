"""Hubs that mean ill: what they answer, and the server that answers it (``bench.hostile.hub``)."""
