"""The least that answers over HTTP: uvicorn, and the hand-written statement. ``python -m tests.bench.bare STORE`` serves it on a
free port, which it prints."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from orggraph.stores.sqlite.opening import connect
from tests.bench.shape import ON_DAY
from tests.bench.shapes.flagship import FLAGSHIP


def app(store: Path) -> Any:
    cursor = connect(store).cursor()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        asked = json.loads((await receive())["body"])
        ((text,),) = cursor.execute(FLAGSHIP.statement, (asked["variables"]["first"], ON_DAY)).fetchall()
        body = bytes(text)  # type: ignore[arg-type]  # a statement gives one blob
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


def main() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(app(Path(sys.argv[1])), lifespan="off", log_level="warning", access_log=False)
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main()
