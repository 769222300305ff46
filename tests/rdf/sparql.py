"""Scopes in SPARQL: that a record holds on a day, that an entity is there, which name is printed, at either certainty.

This is what README says of the four days, as patterns to put into a question; ``?d`` is the day.
"""

from __future__ import annotations

from itertools import count

PREFIXES = """
PREFIX o: <https://orggraph.example/ns#> PREFIX org: <http://www.w3.org/ns/org#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX : <{base}> PREFIX kind: <{base}kind/> PREFIX relation: <{base}relation/> PREFIX field: <{base}field/> PREFIX state: <{base}state/>
"""
NUMBERS = count()


def question(base: str, select: str, where: str, day: str) -> str:
    """A whole query."""
    bound = f'BIND("{day}"^^xsd:date AS ?d)'
    return f"{PREFIXES.format(base=base)}\nSELECT {select} WHERE {{ {bound}\n{where} }}"


def _possibly(thing: str) -> str:
    n = next(NUMBERS)
    return f"""FILTER NOT EXISTS {{ {thing} o:earliestFrom ?a{n} . FILTER(?a{n} > ?d) }}
    FILTER NOT EXISTS {{ {thing} o:latestUntil ?b{n} . FILTER(?b{n} <= ?d) }}"""


def holds(record: str, certain: bool) -> str:
    """POSSIBLY from the earliest start to the latest end; CERTAINLY from the latest start to the earliest end."""
    if not certain:
        return _possibly(record)
    n = next(NUMBERS)
    return f"""FILTER NOT EXISTS {{ {record} o:latestFrom ?a{n} . FILTER(?a{n} > ?d) }}
    FILTER (EXISTS {{ {record} o:open true }} || EXISTS {{ {record} o:earliestUntil ?b{n} . FILTER(?b{n} > ?d) }})"""


def there(entity: str, certain: bool) -> str:
    """Some state holds POSSIBLY; or some run of states surely goes over the day."""
    n = next(NUMBERS)
    if not certain:
        return f"FILTER EXISTS {{ ?s{n} dct:isVersionOf {entity} . {_possibly(f'?s{n}')} }}"
    return f"""FILTER EXISTS {{ ?s{n} dct:isVersionOf {entity} .
      FILTER NOT EXISTS {{ ?s{n} o:lifeLatestFrom ?a{n} . FILTER(?a{n} > ?d) }}
      FILTER (EXISTS {{ ?s{n} o:lifeOpen true }} || EXISTS {{ ?s{n} o:lifeEarliestUntil ?b{n} . FILTER(?b{n} > ?d) }}) }}"""


def hop(record: str, relation: str, near: tuple[str, str], far: tuple[str, str], certain: bool) -> str:
    """``near``, ``far``: an end's property and the variable there."""
    return f"""{record} a relation:{relation} ; {near[0]} {near[1]} ; {far[0]} {far[1]} . {holds(record, certain)}
    {there(near[1], certain)} {there(far[1], certain)}"""


def named(entity: str, name: str) -> str:
    """The name of the last state that may have begun."""
    n = next(NUMBERS)
    return f"""?n{n} dct:isVersionOf {entity} ; skos:prefLabel {name} . {_possibly(f"?n{n}")}
    OPTIONAL {{ ?n{n} o:earliestFrom ?f{n} }}
    FILTER NOT EXISTS {{ ?m{n} dct:isVersionOf {entity} ; o:earliestFrom ?g{n} .
      FILTER(?g{n} <= ?d && (!BOUND(?f{n}) || ?g{n} > ?f{n})) }}"""


def is_so(entity: str, field: str, value: str, certain: bool) -> str:
    """POSSIBLY: some state that may hold says so; CERTAINLY: each does."""
    n = next(NUMBERS)
    if not certain:
        return f"FILTER EXISTS {{ ?v{n} dct:isVersionOf {entity} ; {field} {value} . {_possibly(f'?v{n}')} }}"
    return f"""FILTER NOT EXISTS {{ ?v{n} dct:isVersionOf {entity} . {_possibly(f"?v{n}")}
      FILTER NOT EXISTS {{ ?v{n} {field} {value} }} }}"""
