"""The oracle: what every answer must be, computed slowly and plainly from ``semantics.md`` alone.

    rows, load by load → ledger → a world per load (states, lives, records)
    world → truth, links, filters (pairs) → views, lists, roots (in a scope) → answer (graphql-core)

It shares no code with the product but the joined ``orggraph.model.Model``; random models, loads and documents come
from ``random_*``; ``completions`` proves by enumeration that the pairs are bounds; ``keeping`` makes a difference small
and keeps it in ``cases/``.
"""
