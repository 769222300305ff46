"""``orggraph serve``: the GraphQL service."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Bound, Store, bounds

Several = list[str] | None


def serve(
    store: Store = DEFAULT_STORE,
    host: Annotated[
        str, typer.Option(help="The address to listen on; what others reach must be guarded.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    tokens: Annotated[
        Path | None,
        typer.Option(
            help="Only who has a token of this file may ask (orggraph token makes one). · 令牌文件",
            envvar="ORGGRAPH_TOKENS",
        ),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front guards the service. · 由前置代理把关")
    ] = False,
    allow_host: Annotated[
        Several, typer.Option(help="A name that the service is called by, as in its URL; may be repeated; *: any.")
    ] = None,
    allow_origin: Annotated[
        Several,
        typer.Option(help="A site whose pages may ask (https://name[:port]); may be repeated; *: any. Else none may."),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(help="Only the documents of this folder are answered, by hash or name. · 只答此目录中的查询"),
    ] = None,
    no_introspection: Annotated[bool, typer.Option("--no-introspection", help="Tell nobody the schema.")] = False,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="No page to ask in, for browsers. · 不提供查询页面")
    ] = False,
    closed: Annotated[
        bool, typer.Option("--closed", help="The closed profile: --no-introspection, and --documents must be there.")
    ] = False,
    bound: Bound = None,
) -> None:
    """Serve a store over HTTP: GraphQL at /graphql, its schema at /schema.graphql. · 启动服务

    Example: orggraph serve --store orggraph.db --port 8000 --bound seconds=2

    On the network: orggraph token alice --tokens tokens.txt; orggraph serve --host 0.0.0.0 --tokens tokens.txt
    """
    if closed and documents is None:
        raise typer.BadParameter("say which documents are answered: --documents DIR", param_hint="--closed")
    import uvicorn

    from orggraph.service.app import create_app
    from orggraph.service.settings import ServiceSettings
    from orggraph.service.tokens import loose

    settings = ServiceSettings(
        store,
        bounds(bound),
        host=host,
        port=port,
        hosts=tuple(allow_host or ()),
        origins=tuple(allow_origin or ()),
        tokens=tokens,
        behind_proxy=behind_proxy,
        documents=documents,
        introspection=not (no_introspection or closed),
        pages=not no_pages,
    )
    app = create_app(settings)
    if tokens and (warning := loose(tokens)):
        print(f"orggraph: {warning}", file=sys.stderr)
    gc.collect()
    gc.freeze()  # the schema stays: looking through it for garbage again and again took a tenth of a second
    print(f"serving {store} on http://{host}:{port}/graphql", flush=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="*" if behind_proxy else None,
    )
