"""Getting the file behind a link, from servers that behave and from servers that do not."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.errors import Cancelled, FetchFailed
from api.training import fetch as fetching
from api.training.addresses import is_public
from api.training.content import unpack
from api.training.fetch import Limits, fetch
from tests.web_server import CERTIFICATE, WebServer, page, redirect, running_web_server

CSV = b"a,b\n" + b"".join(b"%d,%d\n" % (number, number * 2) for number in range(20_000))
MEGABYTE = 1024**2


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A web server on this machine."""
    with running_web_server() as found:
        yield found


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """One that speaks https, with a certificate that this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with running_web_server(secure=True) as found:
        yield found


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSES", (0.01, 0.01, 0.01))


def limits(seconds: float = 30.0, idle: float = 5.0, most: int = MEGABYTE) -> Limits:
    """Limits that let this machine be asked."""
    return Limits(most, seconds, idle, ("127.0.0.1", "localhost"))


def get(link: str, folder: Path, given: Limits | None = None, most: int | None = None) -> bytes:
    """What is fetched from a link."""
    path = fetch(link, folder / "file", given or limits(), lambda have, whole: None, most)
    return path.read_bytes()


def why_not(link: str, folder: Path, given: Limits | None = None) -> str:
    """The sentence a link is refused with."""
    with pytest.raises(FetchFailed) as raised:
        get(link, folder, given)
    return str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::"),
        *("fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:0:0:0:0:0:1", "fec0::1", "x"),
    ],
)
def test_no_address_inside_is_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved, and IPv4 inside of IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_open_internet_is_public(address: str) -> None:
    """Whatever everybody can reach."""
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_this_machine_is_not_asked(server: WebServer, tmp_path: Path, host: str) -> None:
    """However its address is written: nothing is connected to, and the setting that allows it is named."""
    server.serve("/a.csv", CSV)
    why = why_not(f"http://{host}:{server.port}/a.csv", tmp_path, Limits(MEGABYTE, 10.0))
    assert "DATASET_HOSTS" in why
    assert server.asked == []


def test_a_redirect_is_checked_like_the_link(server: WebServer, tmp_path: Path) -> None:
    """A host that is allowed cannot lead to one that is not, nor to another scheme, nor for ever."""
    for path, to in (
        ("/in", f"http://localhost:{server.port}/a.csv"),
        ("/file", "file:///etc/passwd"),
        ("/secret", f"http://a:b@127.0.0.1:{server.port}/a.csv"),
        ("/round", "/round"),
    ):
        server.paths[path] = redirect(to)
    server.serve("/a.csv", CSV)
    only = Limits(MEGABYTE, 10.0, 5.0, (f"127.0.0.1:{server.port}",))
    assert "DATASET_HOSTS" in why_not(server.url("/in"), tmp_path, only)
    assert "no link to a file" in why_not(server.url("/file"), tmp_path)
    assert "no link to a file" in why_not(server.url("/secret"), tmp_path)
    assert "more than 5 times" in why_not(server.url("/round"), tmp_path)
    server.paths["/there"] = redirect("/a.csv")
    assert get(server.url("/there"), tmp_path) == CSV


def test_a_file_comes_whole_with_its_length_or_in_chunks(server: WebServer, tmp_path: Path) -> None:
    """And who waits is told how many bytes are there."""
    server.serve("/a.csv", CSV)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(CSV[at : at + 999]), CSV[at : at + 999]) for at in range(0, len(CSV), 999)
    )
    server.paths["/b.csv"] = lambda connection, _: connection.sendall(head + chunks + b"0\r\n\r\n")
    server.paths["/c.csv"] = lambda connection, _: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + CSV)
    for path in ("/a.csv", "/b.csv", "/c.csv"):
        assert get(server.url(path), tmp_path) == CSV
    told: list[tuple[int, int | None]] = []
    fetch(server.url("/a.csv"), tmp_path / "f", limits(), lambda have, whole: told.append((have, whole)))
    assert (told[0], told[-1]) == ((0, len(CSV)), (len(CSV), len(CSV)))
    assert get(server.url("/a.csv"), tmp_path, most=1000) == CSV[:1000]


def test_what_broke_off_goes_on_where_it_did(server: WebServer, tmp_path: Path) -> None:
    """A connection that is cut again and again costs no byte twice, where the file is the same."""

    def cut(connection: socket.socket, head: str) -> None:
        found = re.search(r"Range: bytes=(\d+)-", head)
        first = int(found[1]) if found else 0
        assert not first or 'If-Range: "one"' in head
        status = "206 Partial Content" if found else "200 OK"
        lines = [f"HTTP/1.1 {status}", 'ETag: "one"', f"Content-Length: {len(CSV) - first}"]
        lines += [f"Content-Range: bytes {first}-{len(CSV) - 1}/{len(CSV)}"] if found else []
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + CSV[first : first + 50_000])

    server.paths["/a.csv"] = cut
    assert get(server.url("/a.csv"), tmp_path) == CSV
    assert len(server.asked) == -(-len(CSV) // 50_000)


def test_a_file_that_changed_meanwhile_begins_anew(server: WebServer, tmp_path: Path) -> None:
    """No file is put together from two: the second answer is whole, and is taken whole."""
    other = CSV.replace(b"1", b"7")

    def change(connection: socket.socket, head: str) -> None:
        if "Range" in head:
            connection.sendall(page(other, "text/csv", 'ETag: "two"'))
        else:
            connection.sendall(page(CSV[:9999], "text/csv", 'ETag: "one"', length=len(CSV)))

    server.paths["/a.csv"] = change
    assert get(server.url("/a.csv"), tmp_path) == other


def test_what_passes_is_tried_again_and_not_for_ever(server: WebServer, tmp_path: Path) -> None:
    """503 twice and then the file; or always, or cut off each time at the same place: a sentence."""
    answers = [b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"] * 2 + [page(CSV)]
    server.paths["/a.csv"] = lambda connection, _: connection.sendall(answers.pop(0))
    assert get(server.url("/a.csv"), tmp_path) == CSV
    server.paths["/b.csv"] = lambda connection, _: connection.sendall(
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
    )
    assert "502" in why_not(server.url("/b.csv"), tmp_path)
    server.paths["/c.csv"] = lambda connection, _: connection.sendall(page(CSV[:5000], length=len(CSV)))
    why = why_not(server.url("/c.csv"), tmp_path)
    assert "broke off after 5000 of the" in why
    assert "tried 4 times" in why
    assert "404" in why_not(server.url("/none.csv"), tmp_path)


def test_a_server_that_sends_more_than_it_announces_is_refused(server: WebServer, tmp_path: Path) -> None:
    """Rows would be left out in silence."""
    server.paths["/a.csv"] = lambda connection, _: connection.sendall(page(CSV, length=1000))
    assert "announces 1000 bytes and sends more" in why_not(server.url("/a.csv"), tmp_path)


def test_what_is_no_csv_is_refused_by_name(server: WebServer, tmp_path: Path) -> None:
    """By its content type, or by how it begins."""
    web_page = b"<!DOCTYPE html><title>Sign in</title>"
    assert "web page" in why_not(server.serve("/a", web_page, "text/html; charset=utf-8"), tmp_path)
    assert "JSON" in why_not(server.serve("/b", b"{}", "application/json"), tmp_path)
    assert "picture" in why_not(server.serve("/c", b"x", "image/png"), tmp_path)
    for number, (start, word) in enumerate(((web_page, "page"), (b"PK\x03\x04", "Excel"), (b" \n", "empty"))):
        link = server.serve(f"/{number}.csv", start)
        path = fetch(link, tmp_path / "file", limits(), lambda have, whole: None)
        with pytest.raises(FetchFailed, match=word):
            unpack(path, MEGABYTE, lambda: None)


def test_too_much_is_refused_before_it_comes_or_while_it_does(server: WebServer, tmp_path: Path) -> None:
    """An announced length above the limit; and a server that sends for ever."""

    def forever(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(CSV)

    server.paths["/a.csv"] = lambda connection, _: connection.sendall(page(b"", length=5 * MEGABYTE))
    server.paths["/b.csv"] = forever
    assert "5 MB; 1 MB is the most" in why_not(server.url("/a.csv"), tmp_path)
    assert "longer than 1 MB" in why_not(server.url("/b.csv"), tmp_path)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
@pytest.mark.parametrize("kind", ["server", "secure"])
def test_a_server_that_drips_is_given_up(
    request: pytest.FixtureRequest, tmp_path: Path, start: bytes, kind: str
) -> None:
    """A byte now and then, before its headers, in them or after them, does not go on for ever."""

    def drip(connection: socket.socket, head: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(b"1")
            time.sleep(0.05)

    server: WebServer = request.getfixturevalue(kind)
    server.paths["/a.csv"] = drip
    assert why_not(server.url("/a.csv"), tmp_path, limits(seconds=1.0))


def test_a_file_comes_over_https(secure: WebServer, tmp_path: Path) -> None:
    """Whole, cut off and gone on with; what is longer than was announced, or for ever cut off, is refused."""
    assert get(secure.serve("/a.csv", CSV), tmp_path) == CSV
    assert get(secure.url("/a.csv"), tmp_path, most=1000) == CSV[:1000]

    def cut(connection: socket.socket, head: str) -> None:
        found = re.search(r"Range: bytes=(\d+)-", head)
        first = int(found[1]) if found else 0
        lines = ["HTTP/1.1 206 Partial Content" if found else "HTTP/1.1 200 OK", 'ETag: "one"']
        lines += [f"Content-Length: {len(CSV) - first}"]
        lines += [f"Content-Range: bytes {first}-{len(CSV) - 1}/{len(CSV)}"] if found else []
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + CSV[first : first + 100_000])

    secure.paths["/b.csv"] = cut
    assert get(secure.url("/b.csv"), tmp_path) == CSV
    secure.paths["/c.csv"] = lambda connection, _: connection.sendall(page(CSV, length=1000))
    assert "sends more" in why_not(secure.url("/c.csv"), tmp_path)
    secure.paths["/d.csv"] = lambda connection, _: connection.sendall(page(CSV[:5000], length=len(CSV)))
    assert "broke off after 5000 of the" in why_not(secure.url("/d.csv"), tmp_path)


def test_a_certificate_has_to_be_trusted_and_the_host_s(
    secure: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that nobody signed, and one of another host."""
    link = secure.serve("/a.csv", CSV)
    assert "not valid for '127.0.0.1'" in why_not(link.replace("localhost", "127.0.0.1"), tmp_path)
    monkeypatch.delenv("SSL_CERT_FILE")
    why = why_not(link, tmp_path)
    assert "self-signed certificate" in why
    assert "SSL_CERT_FILE" in why
    assert secure.asked == []


def test_a_server_that_speaks_no_https_is_named_as_such(tmp_path: Path) -> None:
    """It answers a greeting that it does not understand with a sentence of its own."""

    def answer(listener: socket.socket) -> None:
        for _ in range(1 + len(fetching.PAUSES)):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer, args=(listener,))
        answering.start()
        link = f"https://localhost:{listener.getsockname()[1]}/a.csv"
        assert "No secure connection" in why_not(link, tmp_path)
        answering.join()


def test_a_secure_link_is_redirected_to_secure_ones_only(
    secure: WebServer, server: WebServer, tmp_path: Path
) -> None:
    """What is asked for with https is not fetched without, and the other way round it is."""
    link, plain = secure.serve("/a.csv", CSV), server.serve("/a.csv", CSV)
    secure.paths["/away"], secure.paths["/there"] = redirect(plain), redirect(link)
    server.paths["/better"] = redirect(link)
    assert "begins with https:// and is redirected" in why_not(secure.url("/away"), tmp_path)
    assert server.asked == []
    assert get(secure.url("/there"), tmp_path) == CSV
    assert get(server.url("/better"), tmp_path) == CSV


def test_silence_is_given_up(server: WebServer, tmp_path: Path) -> None:
    """A server that takes the request and says nothing."""
    over = threading.Event()

    def wait(connection: socket.socket, head: str) -> None:
        over.wait(60)

    server.paths["/a.csv"] = wait
    assert "sent nothing" in why_not(server.url("/a.csv"), tmp_path, limits(idle=0.1))
    over.set()


def test_a_download_can_be_cancelled(server: WebServer, tmp_path: Path) -> None:
    """What the listener raises ends it."""

    def told(have: int, whole: int | None) -> None:
        if have:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(server.serve("/a.csv", CSV), tmp_path / "file", limits(), told)


def test_what_gzip_packed_is_unpacked_and_no_bomb_goes_off(tmp_path: Path) -> None:
    """One packed file or several in a row; damaged, broken off or much too long ones are refused."""
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(CSV) + gzip.compress(b"5,6\n"))
    assert unpack(path, MEGABYTE, lambda: None).read_bytes() == CSV + b"5,6\n"
    for content, word in (
        (gzip.compress(CSV)[:-100], "broken off"),
        (gzip.compress(CSV)[:100] + b"damage" + gzip.compress(CSV)[106:], "damaged"),
        (gzip.compress(b"1" * 50 * MEGABYTE), "longer than 1 MB"),
    ):
        path.write_bytes(content)
        with pytest.raises(FetchFailed, match=word):
            unpack(path, MEGABYTE, lambda: None)
    path.write_bytes(gzip.compress(CSV, compresslevel=0)[:5000])
    assert CSV.startswith(unpack(path, MEGABYTE, lambda: None, beginning=True).read_bytes())
