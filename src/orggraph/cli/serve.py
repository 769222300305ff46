"""``orggraph serve``: the GraphQL service."""

from __future__ import annotations

import gc
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store, numbers
from orggraph.service.settings import Capacity, ServiceSettings
from orggraph.settings import Bounds, bounds_told, default_questions

Several = list[str] | None


class LogForm(StrEnum):
    TEXT = "text"
    JSON = "json"
    OFF = "off"


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
    questions: Annotated[
        Path | None,
        typer.Option(
            help="The folder of named questions (default: queries, else those that come with orggraph; with --documents "
            "none). · 问题目录",
            envvar="ORGGRAPH_QUESTIONS",
        ),
    ] = None,
    no_introspection: Annotated[bool, typer.Option("--no-introspection", help="Tell nobody the schema.")] = False,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="No page to ask in, for browsers. · 不提供查询页面")
    ] = False,
    closed: Annotated[
        bool, typer.Option("--closed", help="The closed profile: --no-introspection, and --documents must be there.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes that answer. · 进程数", min=1, max=256)] = 1,
    log: Annotated[LogForm, typer.Option(help="Lines of log on standard error. · 日志格式")] = LogForm.TEXT,
    slow: Annotated[float, typer.Option(help="Seconds from which on a statement is logged as slow.", min=0.0)] = 1.0,
    traces: Annotated[
        bool, typer.Option("--traces", help="OpenTelemetry traces, to where OTEL_EXPORTER_OTLP_ENDPOINT says.")
    ] = False,
    bound: Annotated[
        Several,
        typer.Option(
            help="A bound as NAME=VALUE; may be repeated. What goes beyond one is refused with its code: "
            f"{bounds_told(Bounds, Capacity)}."
        ),
    ] = None,
) -> None:
    """Serve a store over HTTP: GraphQL at /graphql, its schema at /schema.graphql. · 启动服务

    Example: orggraph serve --store orggraph.db --port 8000 --bound seconds=2

    On the network: orggraph token alice --tokens tokens.txt; orggraph serve --host 0.0.0.0 --tokens tokens.txt
    """
    if closed and documents is None:
        raise typer.BadParameter("say which documents are answered: --documents DIR", param_hint="--closed")
    gc.disable()  # until all is made that a service keeps
    from orggraph.service.running import run
    from orggraph.service.tokens import loose

    operation, capacity = numbers(bound, Bounds, Capacity)
    settings = ServiceSettings(
        store,
        Bounds(**operation),
        host=host,
        port=port,
        hosts=tuple(allow_host or ()),
        origins=tuple(allow_origin or ()),
        tokens=tokens,
        behind_proxy=behind_proxy,
        documents=documents,
        questions=questions or (None if documents else default_questions()),
        introspection=not (no_introspection or closed),
        pages=not no_pages,
        workers=workers,
        log=log.value,
        slow_seconds=slow,
        traces=traces,
        **capacity,
    )
    if tokens and (warning := loose(tokens)):
        print(f"orggraph: {warning}", file=sys.stderr)
    raise typer.Exit(run(settings, lambda url: print(f"serving {store} on {url}/graphql", flush=True)))
