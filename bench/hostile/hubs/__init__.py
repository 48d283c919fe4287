"""Hubs that mean ill: their server, how they may answer, and the cases."""
