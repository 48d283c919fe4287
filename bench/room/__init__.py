"""Rooms measured: noise, echo, people who speak over the answer."""
