"""In which words rows are written. Apart from what writes them, as every command that has the option knows the words."""

from __future__ import annotations

from enum import StrEnum


class Words(StrEnum):
    """In which words headings, terms and flags are written: Chinese or English labels, or (``MODEL``) the model's own names and
    codes, with flags as true and false."""

    ZH = "zh"
    EN = "en"
    MODEL = "model"


FLAGS = {Words.ZH: ("否", "是"), Words.EN: ("no", "yes")}
