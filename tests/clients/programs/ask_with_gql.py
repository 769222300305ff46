"""gql: documents are validated against the schema before they are sent, and scalars become Python's own."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from gql.utilities import update_schema_scalar
from graphql import GraphQLError, GraphQLScalarType, build_schema

service = sys.argv[1]
transport = HTTPXTransport(url=f"{service}/graphql")
schema = build_schema(Path("schema.graphql").read_text("utf-8"))
day = GraphQLScalarType("Date", serialize=date.isoformat, parse_value=date.fromisoformat)
update_schema_scalar(schema, "Date", day)
client = Client(schema=schema, transport=transport, parse_results=True, serialize_variables=True)

members = gql(Path("python.graphql").read_text("utf-8"))
members.variable_values = {"day": date(2019, 6, 15), "certainty": "POSSIBLE"}
answer: dict[str, Any] = client.execute(members)["at"]
assert answer["scope"]["day"] == date(2019, 6, 15)
seats = {node["name"]: node["members"]["edges"] for node in answer["committees"]["nodes"]}["学术委员会"]
since = {seat["node"]["name"]: seat["record"]["valid"]["from"]["earliest"] for seat in seats}
assert since["王𠮷"] == date(2012, 1, 1), since

try:
    client.execute(gql("{ committees { nodes { nothing } } }"))
except GraphQLError as refused:
    assert "Cannot query field 'nothing'" in refused.message
else:
    raise AssertionError("an unknown field was sent")

introspected = Client(transport=transport, fetch_schema_from_transport=True)
try:
    introspected.execute(gql('{ at(date: "2019-06-15", load: 99) { scope { load } } }'))
except TransportQueryError as refused:
    assert refused.errors
    assert refused.errors[0]["extensions"]["code"] == "NO_SUCH_LOAD"
else:
    raise AssertionError("a load that is not there was answered")
assert introspected.schema
assert introspected.schema.type_map.keys() >= schema.type_map.keys() - {"__Directive"}
print("gql: ok")
