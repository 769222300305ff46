"""nginx from Debian, as ``service/intranet/nginx.conf`` sets it up, with TLS in front of ``orggraph serve --behind-proxy``: what one
does the other does not undo. The certificate is made here, and its clients trust no other."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.programs import program
from tests.running import free_port, running

NAME = "graph.example"
NGINX = ROOT / "src" / "orggraph" / "service" / "intranet" / "nginx.conf"
ORGGRAPH = Path(sys.executable).with_name("orggraph")
FLAGSHIP = '{ at(date: "2019-06-15") { scholars { nodes { name } } } }'


@dataclass(frozen=True)
class Site:
    """``client`` speaks TLS to the site by its name; ``plain`` is where it speaks none; ``folder`` has both programs' logs."""

    client: httpx.Client
    plain: str
    folder: Path
    service: subprocess.Popen[bytes]

    def logged(self, word: str) -> str:
        """The line of the service's log with that word, once it is there."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for line in self.log().splitlines():
                if word in line:
                    return line
            time.sleep(0.05)
        raise AssertionError(f"{word} is not in the log")

    def log(self) -> str:
        return (self.folder / "service.log").read_text("utf-8")


def certificate(folder: Path) -> None:
    """cert.pem and key.pem for the name."""
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([program("openssl"), "req", "-x509", *made, *files], check=True, capture_output=True)


def configuration(folder: Path, service: int, secure: int, plain: int) -> Path:
    """Our file below Debian's own nginx.conf; only ports and folders are others."""
    site = (
        NGINX.read_text("utf-8")
        .replace("127.0.0.1:8000", f"127.0.0.1:{service}")
        .replace("/etc/ssl/orggraph", str(folder))
    )
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl").replace(
        "listen 80", f"listen 127.0.0.1:{plain}"
    )
    (folder / "orggraph.conf").write_text(site)
    main = Path("/etc/nginx/nginx.conf").read_text("utf-8")
    main = main.replace("/run/nginx.pid", f"{folder}/nginx.pid").replace("/var/log/nginx/", f"{folder}/")
    main = main.replace("/etc/nginx/conf.d/*.conf", f"{folder}/orggraph.conf")
    main = re.sub(r"^user .*$", "user root;" if os.geteuid() == 0 else "", main, flags=re.MULTILINE)
    main = re.sub(r"^.*sites-enabled.*$", "", main, flags=re.MULTILINE)
    kept = "".join(f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    path = folder / "nginx.conf"
    path.write_text(main.replace("http {", f"http {{ {kept}", 1))
    return path


@pytest.fixture(scope="module")
def site(store_of: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = program("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    certificate(folder)
    ports = [free_port() for _ in range(3)]
    config = configuration(folder, *ports)
    service = [str(ORGGRAPH), "serve", "--store", str(store_of("university")), "--port", str(ports[0])]
    behind = [*service, "--behind-proxy", "--allow-host", NAME]
    command = [nginx, "-c", str(config), "-g", "daemon off;"]
    tested = subprocess.run([*command[:3], "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    urls = f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[2]}"
    with running(behind, urls[0], folder / "service.log") as process, running(command, urls[1], folder / "nginx.out"):
        trusted = ssl.create_default_context(cafile=folder / "cert.pem")
        with httpx.Client(verify=trusted, base_url=f"https://127.0.0.1:{ports[1]}", headers={"host": NAME}) as client:
            client.event_hooks["request"].append(lambda request: request.extensions.update(sni_hostname=NAME))
            yield Site(client, urls[1], folder, process)


def codes(answer: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


def test_a_question_is_answered_over_tls(site: Site) -> None:
    answer = site.client.post("/graphql", json={"query": FLAGSHIP})
    assert answer.status_code == 200
    assert answer.json()["data"]["at"]["scholars"]["nodes"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_who_speaks_no_tls_is_sent_to_where_it_is_spoken(site: Site) -> None:
    sent = httpx.get(f"{site.plain}/graphql?query=%7B__typename%7D", headers={"host": NAME})
    assert (sent.status_code, sent.headers["location"]) == (301, f"https://{NAME}/graphql?query=%7B__typename%7D")


def test_the_page_and_its_files_come_as_the_service_packed_them(site: Site) -> None:
    page = site.client.get("/", headers={"accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    script = page.text.partition('type="module" src="')[2].partition('"')[0]
    with site.client.stream("GET", f"/{script}", headers={"accept-encoding": "gzip"}) as packed:
        body = b"".join(packed.iter_raw())
    assert (packed.headers["content-encoding"], packed.headers["etag"]) == ("gzip", f'"{script[6:]}-gzip"')
    assert b"graphql" in gzip.decompress(body)


def test_tags_are_strong_and_who_has_the_answer_is_told_so(site: Site) -> None:
    for encoding in ("gzip", "identity"):
        headers = {"accept-encoding": encoding}
        answer = site.client.get("/graphql", params={"query": "{ __schema { types { name } } }"}, headers=headers)
        assert answer.headers.get("content-encoding", "identity") == encoding
        tag = answer.headers["etag"]
        assert not tag.startswith("W/")
        again = site.client.get(answer.request.url, headers={**headers, "if-none-match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_the_page_of_the_site_itself_may_ask_and_others_may_not(site: Site) -> None:
    for origin, status in ((f"https://{NAME}", 200), ("https://other.example", 403)):
        answer = site.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": origin})
        assert answer.status_code == status


def test_another_name_is_refused_in_the_service_s_words(site: Site) -> None:
    answer = site.client.post("/graphql", json={"query": "{ __typename }"}, headers={"host": "other.example"})
    assert (answer.status_code, codes(answer)) == (421, ["HOST_NOT_ALLOWED"])


def test_what_nginx_refuses_by_itself_is_told_in_the_same_form(site: Site) -> None:
    answer = site.client.get("/graphql", headers={"x-long": "a" * 70_000})
    assert (answer.status_code, codes(answer)) == (400, ["BAD_HTTP"])


def test_counts_are_told_to_this_machine_under_the_id_of_their_request(site: Site) -> None:
    answer = site.client.get("/metrics")
    assert (answer.status_code, "orggraph_requests_total" in answer.text) == (200, True)
    assert site.logged(answer.headers["x-request-id"])


@pytest.mark.parametrize("size", [1_500_000, 10_000_000])
def test_a_body_that_is_too_large_is_refused_in_the_same_form_by_whichever_meets_it(site: Site, size: int) -> None:
    answer = site.client.post("/graphql", content=b" " * size, headers={"content-type": "application/json"})
    assert (answer.status_code, codes(answer)) == (413, ["BODY_TOO_LARGE"])


def test_a_long_question_by_get_passes_both(site: Site) -> None:
    answer = site.client.get("/graphql", params={"query": "{ __typename }" + " " * 30_000})
    assert answer.json()["data"] == {"__typename": "Query"}


def test_health_is_told_and_metrics_only_to_the_machine_itself(site: Site) -> None:
    assert site.client.get("/health/ready").status_code == 200
    assert b"orggraph_" in site.client.get("/metrics").content


def test_the_service_logs_for_whom_the_proxy_asked_and_nobody_says_it_of_himself(site: Site) -> None:
    forged = {"x-forwarded-for": "192.0.2.7", "x-request-id": "forged"}
    answer = site.client.post("/graphql", json={"query": "{ __typename }"}, headers=forged)
    id_ = answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", id_)
    assert "client=127.0.0.1" in site.logged(id_)
    assert "192.0.2.7" not in site.log()


def test_while_the_service_is_away_the_proxy_says_so_in_the_same_form(site: Site) -> None:
    """Runs last."""
    site.service.send_signal(signal.SIGTERM)
    site.service.wait(30)
    answer = site.client.post("/graphql", json={"query": "{ __typename }"})
    assert (answer.status_code, codes(answer), answer.headers["retry-after"]) == (503, ["DOWN"], "5")
    assert "max-age" in answer.headers["strict-transport-security"]
    assert json.loads(answer.content)["errors"][0]["message"]
