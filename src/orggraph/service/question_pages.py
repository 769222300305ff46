"""Pages of named questions, made here: a list; a form, numbers, a curve and a table that sorts. In: what was asked and answered.
Out: HTML that works without a script; ``question_page/page.js`` only spares its reader the loading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote, urlencode

from orggraph.graphql.shapes import Variable
from orggraph.questions.asking import Answered
from orggraph.questions.checking import Set
from orggraph.questions.formats import shown
from orggraph.questions.layout import Value
from orggraph.questions.parameters import defaults, variables
from orggraph.questions.question import LANG, QuestionError, Ready, said
from orggraph.questions.words import Heading, worded
from orggraph.service.as_known import KEYS, KNOWN_AT, LOAD
from orggraph.service.curve import curve

HERE = Path(__file__).parent / "question_page"
SCRIPT = HERE / "page.js"
PAGE_ROWS = 500
NOW = {LOAD: "", KNOWN_AT: "", "page": ""}
INPUTS = {"Date": "date", "Int": "number"}
OTHER = {"zh": ("en", "English"), "en": ("zh", "中文")}
SAYS = {
    "zh": {
        "questions": "问题清单",
        "ask": "查询",
        "rows": "{rows} 行，{of}",
        "of": "第 {load} 次装载",
        "known": "按第 {load} 次装载时所知",
        "now": "按现在所知",
        "load": "按第几次装载时所知",
        "newest": "最新",
        "keys": "显示编号",
        "page": "页",
        "none": "没有符合的记录（{of}）。",
        "any": "（不限）",
        "save": "下载",
        "unfit": "还有 {number} 个问题不能问这个库；orggraph check --questions 说明原因。",
    },
    "en": {
        "questions": "All questions",
        "ask": "Ask",
        "rows": "{rows} rows, {of}",
        "of": "of load {load}",
        "known": "as known at load {load}",
        "now": "as known now",
        "load": "as known at load",
        "newest": "newest",
        "keys": "show keys",
        "page": "page",
        "none": "There is nothing of the kind ({of}).",
        "any": "(any)",
        "save": "save as",
        "unfit": "{number} more cannot be asked of this store; orggraph check --questions says why.",
    },
}


@dataclass(frozen=True)
class Asking:
    """What a page is of. ``typed``: the question's parameters, as typed; ``ours``: lang, sort, page, keys, load, knownAt, as far as they
    are said; ``known``: the load that is looked back to."""

    ready: Ready
    lang: str
    typed: Mapping[str, str]
    ours: Mapping[str, str]
    known: int | None = None

    def url(self, name: str = "", **ours: str) -> str:
        """The same question with other things of ours; blank ones are left out."""
        more = {key: text for key, text in {**self.ours, **ours}.items() if text}
        query = urlencode({**self.typed, **more})
        return escape(f"{quote(name or self.ready.name)}{f'?{query}' if query else ''}")


def list_page(found: Set, lang: str) -> str:
    """Every question, with what it answers."""
    says, (other, language) = SAYS[lang], OTHER[lang]
    items = "".join(
        f'<li value="{int(one.question.number or 0) or ""}"><a href="questions/{one.name}?lang={lang}">'
        f"{escape(one.question.title(lang))}</a><br>{escape(said(one.question.entry.answers, lang))}</li>\n"
        for one in found.ready
    )
    broken = len({problem.file.partition("/")[0] for problem in found.problems})
    unfit = f"<p>{escape(says['unfit'].format(number=broken))}</p>" if broken else ""
    body = (
        f'<nav><a href="./">GraphQL</a><a href="?lang={other}" hreflang="{other}">{language}</a></nav>\n'
        f"<main><h1>{says['questions']}</h1>\n<ol>\n{items}</ol>\n{unfit}</main>"
    )
    return _page(lang, says["questions"], "", body)


def question_page(asking: Asking, answer: Answered | None, wrong: str) -> str:
    """A question with its answer, or with what was wrong in asking it."""
    entry, lang = asking.ready.question.entry, asking.lang
    other, language = OTHER[lang]
    parts = [f"<h1>{escape(said(entry.title, lang))}</h1>\n<p>{escape(said(entry.answers, lang))}</p>", _form(asking)]
    if wrong:
        parts.append(f'<p class="wrong" role="alert">{escape(wrong)}</p>')
    if answer is not None:
        parts += [_numbers(answer, lang), curve(answer, lang), _saving(asking), _table(asking, answer)]
    body = (
        f'<nav><a href="../questions?lang={lang}">{SAYS[lang]["questions"]}</a>'
        f'<a href="{asking.url(lang=other)}" hreflang="{other}">{language}</a></nav>\n'
        f"<main>{''.join(parts)}</main>"
    )
    return _page(lang, said(entry.title, lang), '<script src="../questions.js" defer></script>\n', body)


def _page(lang: str, title: str, script: str, body: str) -> str:
    template = Template((HERE / "page.html").read_text("utf-8"))
    return template.substitute(lang=lang, title=escape(title), script=script, body=body)


# ---------------------------------------------------------------- what is asked


def _form(asking: Asking) -> str:
    lang, entry = asking.lang, asking.ready.question.entry
    now = {name: str(value) for name, value in _values(asking).items()}
    fields = "".join(
        f"<label>{escape(said(entry.parameters[name], lang))}{_input(one, now.get(name, ''), lang)}</label>"
        for name, one in asking.ready.parameters.items()
    )
    return (
        f'<form method="get" action="{quote(asking.ready.name)}">{fields}{_as_known(asking)}'
        f'<input type="hidden" name="lang" value="{lang}"><button>{SAYS[lang]["ask"]}</button></form>'
    )


def _as_known(asking: Asking) -> str:
    """Fields for an earlier load, and for keys."""
    says = SAYS[asking.lang]
    load = asking.ours.get(LOAD, "") if asking.known is None else str(asking.known)
    keys = " checked" if asking.ours.get(KEYS) == "true" else ""
    return (
        f'<label>{says["load"]}<input type="number" name="{LOAD}" min="0" value="{escape(load)}"'
        f' placeholder="{says["newest"]}"></label>'
        f'<label class="tick"><input type="checkbox" name="{KEYS}" value="true"{keys}>{says["keys"]}</label>'
    )


def _values(asking: Asking) -> Mapping[str, Any]:
    """What stands in the form: what was typed, else the defaults."""
    try:
        return {
            name: value for name, value in variables(asking.ready, asking.typed, asking.lang).items() if name != LANG
        }
    except QuestionError:
        return {**defaults(asking.ready), **asking.typed}


def _input(variable: Variable, value: str, lang: str) -> str:
    choices = variable.choices or (("true", "false") if variable.type == "Boolean" else ())
    if not choices:
        kind = INPUTS.get(variable.type, "text")
        required = " required" if variable.required else ""
        return f'<input type="{kind}" name="{variable.name}" value="{escape(value)}"{required}>'
    offered = choices if variable.required else ("", *choices)
    options = "".join(
        f'<option value="{one}"{" selected" if one.lower() == value.lower() else ""}>'
        f"{escape(str(worded(one, variable.type, lang)) or SAYS[lang]['any'])}</option>"
        for one in offered
    )
    return f'<select name="{variable.name}">{options}</select>'


def _saving(asking: Asking) -> str:
    links = " · ".join(
        f'<a href="{asking.url(f"{asking.ready.name}.{form}", sort="", page="", lang=asking.lang)}">{form.upper()}</a>'
        for form in ("xlsx", "csv", "json")
    )
    return f"<p>{SAYS[asking.lang]['save']} {links}</p>"


# ---------------------------------------------------------------- what is answered


def _numbers(answer: Answered, lang: str) -> str:
    entries = answer.ready.question.entry.numbers
    told = "".join(
        f"<div><dt>{escape(said(entries[name], lang))}</dt><dd>{escape(shown(value))}</dd></div>"
        for name, value in answer.numbers.items()
    )
    return f'<dl class="numbers">{told}</dl>' if told else ""


def _table(asking: Asking, answer: Answered) -> str:
    lang, says = asking.lang, SAYS[asking.lang]
    if not answer.rows:
        return f"<p>{says['none'].format(of=_of(asking, answer))}</p>"
    column, backwards = sorting(asking.ours.get("sort", ""), answer.headings)
    rows = answer.rows if column is None else in_order(answer.rows, column, answer.headings[column], lang, backwards)
    pages = -(-len(rows) // PAGE_ROWS)
    page = min(max(int(asking.ours.get("page", "1")) if asking.ours.get("page", "1").isdecimal() else 1, 1), pages)
    heads = "".join(_head(asking, one, n == column, backwards) for n, one in enumerate(answer.headings))
    body = "".join(_row(row, answer.headings, lang) for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    caption = says["rows"].format(rows=f"{len(rows):,}", of=_of(asking, answer))
    return (
        f'<div class="wide"><table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}</tbody></table></div>{_paging(asking, page, pages)}"
    )


def _of(asking: Asking, answer: Answered) -> str:
    """Of which load it is; from an earlier one a link leads back to now."""
    says = SAYS[asking.lang]
    if asking.known is None:
        return says["of"].format(load=answer.load)
    return f'{says["known"].format(load=answer.load)} · <a href="{asking.url(**NOW)}">{says["now"]}</a>'


def _head(asking: Asking, heading: Heading, sorted_: bool, backwards: bool) -> str:
    """A heading that leads to the table sorted by it, then the other way round."""
    said_ = f' aria-sort="{"descending" if backwards else "ascending"}"' if sorted_ else ""
    to = f"-{heading.name}" if sorted_ and not backwards else heading.name
    kind = ' class="number"' if heading.numeric else ""
    link = asking.url(sort=to, page="")
    return f'<th scope="col"{said_}{kind}><a href="{link}">{escape(said(heading, asking.lang))}</a></th>'


def _row(row: Sequence[Value], headings: Iterable[Heading], lang: str) -> str:
    cells = []
    for value, heading in zip(row, headings, strict=True):
        text = worded(value, heading.type, lang)
        told = shown(text) if heading.numeric and text is not None else "" if text is None else str(text)
        kind = "number" if heading.numeric else str(value) if heading.type in ("Certainty", "Met") else ""
        cells.append(f"<td{f' class={kind}' if kind else ''}>{escape(told)}</td>")
    return f"<tr>{''.join(cells)}</tr>\n"


def _paging(asking: Asking, page: int, pages: int) -> str:
    if pages < 2:
        return ""
    links = " ".join(
        f"<b>{n}</b>" if n == page else f'<a href="{asking.url(page=str(n))}">{n}</a>' for n in range(1, pages + 1)
    )
    return f'<p class="paging">{SAYS[asking.lang]["page"]} {links}</p>'


def sorting(asked: str, headings: Sequence[Heading]) -> tuple[int | None, bool]:
    """``-since`` → the place of that column, backwards; None where nothing of the kind is asked."""
    names = [one.name for one in headings]
    name = asked.removeprefix("-")
    return (names.index(name) if name in names else None), asked.startswith("-")


def in_order(
    rows: Sequence[list[Value]], column: int, heading: Heading, lang: str, backwards: bool
) -> list[list[Value]]:
    """Rows by a column as it is read; blanks last. Han by GB 18030, whose common characters stand in the order of pinyin."""
    told = [(worded(row[column], heading.type, lang), row) for row in rows]
    there = [(text, row) for text, row in told if text not in (None, "")]
    blank = [row for text, row in told if text in (None, "")]

    def key(one: tuple[Any, list[Value]]) -> tuple[bool, float, bytes]:
        number = one[0] if isinstance(one[0], int | float) else None
        return (number is None, number or 0.0, b"" if number is not None else str(one[0]).encode("gb18030"))

    return [row for _, row in sorted(there, key=key, reverse=backwards)] + blank
