"""The faces of Aloud: command line, terminal, benchmarks. Imports everything; nobody imports it."""

__version__ = "0.1.0"
