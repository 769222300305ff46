"""Lists whose order has no meaning: what one load changed in one table, and which columns. In: an answer as text. Out: the same with
those lists in one order; they are told by their response keys, which random documents choose.
"""

from __future__ import annotations

import json
from typing import Any

UNORDERED = "any"
"""How a response key of such a list begins."""


def in_one_order(answer: str) -> str:
    """What is no answer, or has no such list, is left as it is."""
    if not answer.startswith("{") or f'"{UNORDERED}' not in answer:
        return answer
    return _text(_sorted(json.loads(answer)))


def _sorted(value: Any, unordered: bool = False) -> Any:
    match value:
        case dict():
            return {key: _sorted(one, key.startswith(UNORDERED)) for key, one in value.items()}
        case list():
            items = [*map(_sorted, value)]
            return sorted(items, key=_text) if unordered else items
    return value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
