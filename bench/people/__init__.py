"""Measured on recordings of people."""
