"""``orggraph explain``: the plan of a document, its statement, and what the database makes of it."""

from __future__ import annotations

from orggraph.cli.options import DEFAULT_STORE, Document, Store, Variables, read_document, read_variables
from orggraph.opening import open_engine
from orggraph.plan.printer import print_plan


def explain(document: Document, var: Variables = None, store: Store = DEFAULT_STORE) -> None:
    """Show the plan, the statement and the database's own plan of a document. · 解释

    Example: orggraph explain queries/01-unit-deputies-cover-communities/query.graphql -v date=2020-03-31
    """
    engine = open_engine(store)
    text, variables = read_document(document), read_variables(var)
    statement, coerced = engine.statement(text, variables)
    print("# plan\n" + print_plan(engine.plan(text, variables)))
    print("\n# statement\n" + statement.text)
    print("\n# database\n" + engine.store.explain(statement, coerced))
