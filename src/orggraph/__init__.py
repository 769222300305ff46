"""orggraph: who holds which role in which organization, where, since when and by whose word."""

__version__ = "0.1.0"
