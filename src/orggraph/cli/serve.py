"""``orggraph serve``: the GraphQL service."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Bound, Store, bounds


def serve(
    store: Store = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    bound: Bound = None,
) -> None:
    """Serve a store over HTTP: POST /graphql. · 启动服务

    Example: orggraph serve --store orggraph.db --port 8000 --bound seconds=2
    """
    set_ = bounds(bound)
    import uvicorn

    from orggraph.service.app import create_app
    from orggraph.service.settings import ServiceSettings

    app = create_app(ServiceSettings(store, set_, host, port))
    gc.collect()
    gc.freeze()  # the schema stays: looking through it for garbage again and again took a tenth of a second
    print(f"serving {store} on http://{host}:{port}/graphql", flush=True)
    uvicorn.run(app, host=host, port=port, log_level="warning")
