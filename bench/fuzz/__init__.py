"""Bytes that a fuzzer makes, against everything that reads bytes from outside.

A part is a module here with two names: ``seeds()``, sound inputs to begin with, and ``fuzz(data)``, which
returns when the input was read or refused with one of Aloud's sentences. Whatever else it raises, five
seconds, or a gigabyte, is a find.
"""
