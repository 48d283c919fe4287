"""Inputs meant ill, or only broken, against whole jobs: hundreds of cases a part, and what came of each.

A part is a module here with ``run(options) -> list[Row]``, made of small cases that are always the same.
"""
