"""orggraph: who holds which role in which organization, where, since when and by whose word."""
