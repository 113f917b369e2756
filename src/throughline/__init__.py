"""Throughline: one unbroken line from why we are here to what I do this week."""

__version__ = "0.1.0"
