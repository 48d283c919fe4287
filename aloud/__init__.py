"""The faces of Aloud: the command line, the terminal, the benchmarks. Imports everything; nobody imports it."""

__version__ = "0.1.0"
