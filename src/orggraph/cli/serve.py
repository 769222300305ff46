"""``orggraph serve``: the GraphQL service."""

from __future__ import annotations

from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.opening import open_engine


def serve(
    store: Store = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve a store over HTTP: POST /graphql. · 启动服务

    Example: orggraph serve --store orggraph.db --port 8000
    """
    import uvicorn

    from orggraph.service.app import create_app

    engine = open_engine(store)
    print(f"serving {store} on http://{host}:{port}/graphql", flush=True)
    uvicorn.run(create_app(engine), host=host, port=port, log_level="warning")
