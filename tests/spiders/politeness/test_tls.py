"""Certificates, by the `tls` of a source: real servers on loopback, with certificates made here."""

import ipaddress
import json
import ssl
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("qom.example.ir")

PAGES = {
    "/": '<article class="post"><h2 class="entry-title"><a href="/a/">خبر</a></h2></article>',
    "/a/": '<article id="post-5" class="post"><h1 class="entry-title">گشایش کارگاه</h1>'
    '<span class="entry-date">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</span><div class="entry-content"><p>متن خبر.</p></div></article>',
}


class Authority:
    """Issues certificates, as the one that the harvests of these tests trust."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        builder = self._builder(self.name, self.name, self.key.public_key(), NOW - 30 * DAY, NOW + 30 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def issue(self, name: x509.GeneralName, begins: int, ends: int, *, by_itself: bool = False, bits: int = 0) -> Path:
        """A key and a certificate for `name`, good from day `begins` to day `ends`, counted from today."""
        key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "office")])
        issuer = subject if by_itself else self.name
        builder = self._builder(issuer, subject, key.public_key(), NOW + begins * DAY, NOW + ends * DAY)
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        certificate = builder.sign(key if by_itself else self.key, hashes.SHA256())
        file = self.folder / f"{certificate.serial_number}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def _builder(self, issuer, subject, public, begins, ends) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        return builder.not_valid_before(begins).not_valid_after(ends)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        pass  # a client that hangs up because of the certificate


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., str]]:
    servers = []

    def opened(certificate: Path, *, old: bool = False, weak: bool = False) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if old or weak:
            context.set_ciphers("ALL:@SECLEVEL=0")
        if old:
            with warnings.catch_warnings(action="ignore"):  # that it is old is the point
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.load_cert_chain(certificate)
        server = _Server(("127.0.0.1", 0), _Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_port}/"

    yield opened
    for server in servers:
        server.shutdown()
        server.server_close()


OK = None
CASES = [
    # the certificate, how it is served, tls, what the run says of it
    ((HERE, -1, 1), {}, None, OK, "a good one"),
    ((HERE, -1, 1), {}, "expired", OK, "a good one where an expired one would do"),
    ((HERE, -1, 1), {}, "old-ciphers", OK, "a good one where old ciphers would do"),
    ((HERE, -9, -1), {}, None, 'has expired; tls = "expired"', "an expired one"),
    ((HERE, -9, -1), {}, "old-ciphers", "has expired", "an expired one, old ciphers"),
    ((HERE, -9, -1), {}, "expired", OK, "an expired one that is let through"),
    ((HERE, 1, 9), {}, "expired", "not valid yet", "one of tomorrow"),
    ((ELSEWHERE, -1, 1), {}, None, "is of another host", "another host's"),
    ((ELSEWHERE, -1, 1), {}, "old-ciphers", "is of another host", "another host's, old ciphers"),
    ((ELSEWHERE, -9, -1), {}, "expired", "is of another host", "another host's, expired"),
    ((HERE, -1, 1, {"by_itself": True}), {}, None, "signed by itself", "one signed by itself"),
    ((HERE, -9, -1, {"by_itself": True}), {}, "expired", "signed by itself", "the same, expired"),
    ((HERE, -1, 1), {"old": True}, None, "no trusted connection", "TLS 1.0"),
    ((HERE, -1, 1), {"old": True}, "expired", "no trusted connection", "TLS 1.0, expired"),
    ((HERE, -1, 1), {"old": True}, "old-ciphers", OK, "TLS 1.0 that is let through"),
    ((HERE, -9, -1), {"old": True}, "old-ciphers", "has expired", "TLS 1.0 and expired"),
    ((HERE, -1, 1, {"bits": 1024}), {"weak": True}, None, "key is too weak", "a weak key"),
    (
        (HERE, -1, 1, {"bits": 1024}),
        {"weak": True},
        "old-ciphers",
        OK,
        "a weak key that is let through",
    ),
]


@pytest.fixture(scope="module")
def monadi(authority, serve, tmp_path_factory) -> Callable[..., str]:
    """The command over a catalogue of an office for every case."""
    place = tmp_path_factory.mktemp("tls")
    (place / "agencies").mkdir()
    tables = ['[agency]\nname_fa = "آزمون"\nname_en = "Test"\nplatform = "wordpress"\ndelay = 0.0\n']
    for number, ((name, begins, ends, *how), served, tls, *_) in enumerate(CASES):
        certificate = authority.issue(name, begins, ends, **(how[0] if how else {}))
        url = serve(certificate, **served)
        tables.append(f'[c{number}]\nurl = "{url}"\nprovince = "IR-21"\n' + (f'tls = "{tls}"\n' if tls else ""))
    (place / "agencies" / "test.toml").write_text("\n".join(tables), "utf-8")
    surroundings = {
        "MONADI_DATA": str(place / "data"),
        "MONADI_CATALOGUE": str(place),
        "MONADI_ALLOW_HOSTS": "127.0.0.1",
        "SSL_CERT_FILE": str(authority.file),
        "SSL_CERT_DIR": str(place / "nowhere"),
    }

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "monadi", *words]
        done = subprocess.run(
            command, env=surroundings, cwd=place, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def lines(monadi) -> dict[str, str]:
    """What one harvest says of every case, by source."""
    return {line.partition(":")[0]: line for line in monadi("harvest").splitlines()}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[row[4] for row in CASES])
def test_a_certificate_is_verified_as_the_source_says(lines, number) -> None:
    said = CASES[number][3]
    line = lines[f"test-c{number}"]

    if said is OK:
        assert ": ok, 1 new" in line
    else:
        assert ": unreachable, 0 new" in line
        assert said in line


def test_a_source_that_is_not_on_verify_is_named_in_its_line_and_in_status(lines, monadi) -> None:
    status = {line.partition("\t")[0]: line for line in monadi("status").splitlines()}
    told = {crawl["source"]: crawl["tls"] for crawl in map(json.loads, monadi("status", "--json").splitlines())}
    words = {"expired": "an expired certificate is let through", "old-ciphers": "old ciphers are let through"}

    for number, (_, _, tls, *_) in enumerate(CASES):
        source = f"test-c{number}"
        assert told[source] == (tls or "verify")
        for way, said in words.items():
            assert (said in lines[source]) is (said in status[source]) is (way == tls)


# ---- a handshake that takes its time ----

HELD = 0.75  # seconds between the second connection and its handshake
LASTING = 0.75  # seconds for which the first page keeps the first connection


class _SlowToGreet(_Server):
    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Noting)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.asked: list[float] = []
        self.greeted = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def finish_request(self, request, client_address) -> None:
        self.greeted += 1
        time.sleep(HELD if self.greeted == 2 else 0)
        super().finish_request(request, client_address)


class _Noting(_Handler):
    server: _SlowToGreet
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(time.monotonic())
        super().do_GET()

    def end_headers(self) -> None:
        super().end_headers()
        time.sleep(LASTING if self.path == "/" else 0)


def test_the_delay_runs_from_the_end_of_a_handshake(authority, tmp_path) -> None:
    server = _SlowToGreet(authority.issue(HERE, -1, 1))
    (tmp_path / "agencies").mkdir()
    (tmp_path / "agencies" / "test.toml").write_text(
        '[agency]\nname_fa = "آزمون"\nname_en = "Test"\nplatform = "wordpress"\ndelay = 0.3\n'
        f'[yazd]\nurl = "https://127.0.0.1:{server.server_port}/"\n',
        "utf-8",
    )
    surroundings = {
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path),
        "MONADI_ALLOW_HOSTS": "127.0.0.1",
        "SSL_CERT_FILE": str(authority.file),
        "SSL_CERT_DIR": str(tmp_path / "nowhere"),
    }
    command = [sys.executable, "-m", "monadi", "harvest"]
    done = subprocess.run(
        command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    server.shutdown()
    server.server_close()

    assert "test-yazd: ok, 1 new" in done.stdout
    assert server.greeted == 2
    assert min(later - earlier for earlier, later in pairwise(server.asked)) >= 0.28
