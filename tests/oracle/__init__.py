"""The oracle: what every answer must be, computed slowly and plainly from ``semantics.md`` alone.

rows → ``world`` (states, lives) → ``truth``, ``links``, ``filters`` (pairs) → ``views``, ``answer`` (graphql-core)
It shares no code with the product but the joined ``orggraph.model.Model``; random models, rows and documents come
from ``random_*``; ``completions`` proves by enumeration that the pairs are bounds.
"""
