"""A lead inbox assistant that sits beside your mail."""

__version__ = "0.1.0"
