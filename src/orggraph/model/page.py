"""A model as a page for people: kinds, relations, derived links, code lists, in one language. In: a Model. Out: Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from orggraph.model.entries import Label
from orggraph.model.model import Chain, Derived, End, Field, Hop, Kind, Link, Model, Relation, Step
from orggraph.model.names import records_field

WORDS = {
    "zh": {
        "made": "本页由模型生成（orggraph model derive），请勿手改。", "kinds": "类别", "relations": "关系", "derived": "推导关系",
        "terms": "代码表", "field": "字段", "label": "含义", "type": "类型", "required": "必填", "abstract": "抽象类别", "is": "属于",
        "leads": "由此出发的字段", "records": "其记录", "to": "通往", "over": "经由", "one": "至多一个", "end": "端",
        "kind": "类别", "file": "文件名",
        "pairs": "可连接", "hierarchy": "层级：主体在下，客体在上", "once": "一次发生，自其日起有效", "chain": "链条",
        "union": "以下任一链条", "overlap": "以下链条中同时成立至少", "grouped": "每对两端一条，附链条数",
        "code": "代码",
        "spellings": "其他写法", "if": "条件", "own": "自有字段", "yes": "是", "no": "",
        "string": "文本", "int": "整数", "boolean": "是/否", "date": "日期（日、月或年）", "uri": "网址",
    },
    "en": {
        "made": "Made from the model (orggraph model derive); not to be edited.", "kinds": "Kinds", "relations": "Relations",
        "derived": "Derived relations", "terms": "Code lists", "field": "field", "label": "meaning", "type": "type",
        "required": "required", "abstract": "abstract kind", "is": "a kind of", "leads": "Fields that lead on", "records": "its records",
        "to": "to",
        "over": "over", "one": "at most one", "end": "end", "kind": "kind", "file": "file name", "pairs": "joins",
        "hierarchy": "hierarchy: subject below object", "once": "happens once, and holds from its day on", "chain": "chain",
        "union": "any of these chains", "overlap": "at once, of these chains, at least",
        "grouped": "one for each pair of ends, with the number of chains",
        "code": "code", "spellings": "other spellings", "if": "if", "own": "own fields", "yes": "yes", "no": "",
        "string": "text", "int": "whole number", "boolean": "yes/no", "date": "date (day, month or year)", "uri": "web address",
    },
}  # fmt: skip


def page(model: Model, lang: str) -> str:
    """The page in "zh" or "en"."""
    writer = Page(model, lang)
    return "\n".join(writer.lines()) + "\n"


class Page:
    """Writes one page."""

    def __init__(self, model: Model, lang: str) -> None:
        self.model, self.lang, self.words = model, lang, WORDS[lang]

    def say(self, label: Label) -> str:
        return label.zh if self.lang == "zh" else label.en

    def lines(self) -> Iterable[str]:
        yield f"# {self.say(self.model.label)}"
        yield f"\n{self.words['made']}\n\n`{self.model.iri}` · {self.model.timezone}"
        yield f"\n## {self.words['kinds']}"
        for kind in self.model.kinds.values():
            yield from self.kind(kind)
        yield f"\n## {self.words['relations']}"
        for relation in self.model.relations.values():
            yield from self.relation(relation)
        if self.model.derived:
            yield f"\n## {self.words['derived']}"
        for derived in self.model.derived.values():
            yield from self.derived(derived)
        yield f"\n## {self.words['terms']}"
        for terms in self.model.terms.values():
            yield f"\n### {self.say(terms.label)} `{terms.name}`\n"
            rows = ((f"`{t.code}`", self.say(t.label), ", ".join(t.aliases)) for t in terms.terms.values())
            yield from self.table(("code", "label", "spellings"), rows)

    def table(self, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
        yield "| " + " | ".join(self.words[heading] for heading in headings) + " |"
        yield "|" + "---|" * len(headings)
        for row in rows:
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"

    def kind(self, kind: Kind) -> Iterable[str]:
        yield f"\n### {self.say(kind.label)} `{kind.name}`\n"
        supers = ", ".join(f"{self.say(self.model.kinds[one].label)} `{one}`" for one in kind.supers)
        facts = [self.words["abstract"]] if kind.abstract else []
        facts += [f"{self.words['is']} {supers}"] if supers else []
        facts.append(f"GraphQL: `{kind.singular}(key:)`, `{kind.plural}`")
        yield " · ".join(facts)
        yield from self.fields(kind.fields)
        leading = [
            (
                f"`{hop.singular}`, `{hop.plural}`" if hop.one else f"`{hop.plural}`",
                f"`{records_field(hop.singular)}`",
                hop,
            )
            for hop in self.model.hops_of(kind.name)
        ]
        rows: list[tuple[str, str, Hop | Link]] = [
            *leading,
            *((f"`{link.plural}`", "", link) for link in self.model.links_of(kind.name)),
        ]
        if rows:
            yield f"\n{self.words['leads']}\n"
            told = (
                (name, records, self.ends((to.far,)), self.say(to.label), self.words["yes" if to.one else "no"])
                for name, records, to in rows
            )
            yield from self.table(("field", "records", "to", "over", "one"), told)

    def fields(self, fields: tuple[Field, ...]) -> Iterable[str]:
        if fields:
            yield ""
            rows = (
                (f"`{f.name}`", self.say(f.label), self.type(f), self.words["yes" if f.required else "no"])
                for f in fields
            )
            yield from self.table(("field", "label", "type", "required"), rows)

    def type(self, field: Field) -> str:
        if field.terms:
            return f"{self.say(self.model.terms[field.terms].label)} `{field.terms}`"
        return self.words[field.type.value]

    def ends(self, kinds: Iterable[str]) -> str:
        return ", ".join(self.say(self.model.kinds[kind].label) for kind in kinds)

    def relation(self, relation: Relation) -> Iterable[str]:
        yield f"\n### {self.say(relation.label)} `{relation.name}`\n"
        facts = [f"{self.words['file']}: `{relation.name}.csv`, `{relation.label.zh}.csv`"]
        facts += [self.words[word] for word in ("hierarchy", "once") if getattr(relation, word)]
        yield " · ".join(facts) + "\n"
        rows = (
            (f"`{end.name}`", self.say(end.label), self.ends((end.kind,)), self.required(end)) for end in relation.ends
        )
        yield from self.table(("end", "label", "kind", "required"), rows)
        everything = len(relation.subject.kinds) * len(relation.object.kinds)
        if len(relation.pairs) < everything:
            pairs = (f"{self.ends((s,))} → {self.ends((o,))}" for s, o in sorted(relation.pairs))
            yield f"\n{self.words['pairs']}: {'; '.join(pairs)}"
        yield from self.fields(relation.fields)

    def required(self, end: End) -> str:
        return self.words["yes" if end.required else "no"]

    def derived(self, derived: Derived) -> Iterable[str]:
        yield f"\n### {self.say(derived.label)} `{derived.name}`\n"
        yield f"{self.ends((derived.subject.kind,))} → {self.ends((derived.object.kind,))}"
        if len(derived.members) == 1:
            yield f"\n{self.words['chain']}: {self.chain(derived.members[0])}"
        else:
            form = self.words["union"] if derived.least == 1 else f"{self.words['overlap']} {derived.least}"
            yield f"\n{form}:\n"
            yield from (f"- {self.chain(chain)}" for chain in derived.members)
        if derived.grouped:
            yield f"\n{self.words['grouped']}"

    def chain(self, chain: Chain) -> str:
        return " → ".join(map(self.step, chain))

    def step(self, step: Step) -> str:
        condition = f" ({self.words['if']} `{dict(step.where)}`)" if step.where else ""
        return f"`{step.over.plural}` {self.ends((step.kind,))}{condition}"
