"""The graph as RDF: a store's rows → canonical N-Quads, and from these every other form; and back."""
