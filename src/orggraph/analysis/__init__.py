"""A scope of a store as a networkx graph: measured, or written for programs that draw."""
