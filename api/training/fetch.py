"""Getting the file that a link leads to: guarded, bounded, onto the disk, and on again where it broke off."""

from __future__ import annotations

import errno
import http.client
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from api.errors import DiskFull, FetchFailed
from api.training.content import refuse_content_type
from api.training.http_get import answer_of, next_link

BLOCK = 256 * 1024
MOST_REDIRECTS = 5
# What breaks off is tried again so often in a row without a byte of progress, after these many seconds.
PAUSES = (0.5, 1.0, 2.0, 4.0)
# How long more is waited for behind the last byte that was announced.
MORE_SECONDS = 0.2
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Told = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a link may cost: bytes, seconds, seconds of silence; and which hosts may be anywhere."""

    most_bytes: int
    seconds: float
    idle_seconds: float = 30.0
    allowed: Collection[str] = ()


@dataclass(slots=True)
class _Download:
    """A file that is on its way: where it goes, how much is there, and what is known of the whole."""

    path: Path
    limits: Limits
    told: Told
    ends_at: float
    have: int = 0
    whole: int | None = None
    validator: str | None = None
    most: int | None = None
    failures: int = field(default=0)

    @property
    def allowed(self) -> Collection[str]:
        """The hosts that may have any address."""
        return self.limits.allowed

    @property
    def idle_seconds(self) -> float:
        """How long a silence may last."""
        return self.limits.idle_seconds

    def left(self) -> float:
        """The seconds that are left; raises FetchFailed where there are none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise FetchFailed(
                f"The link's server took more than {self.limits.seconds:.0f} seconds to send the file."
            )
        return left


def fetch(link: str, path: Path, limits: Limits, told: Told, most: int | None = None) -> Path:
    """Get the file behind `link` into `path`.

    `told` is called with the bytes that are there and, where it is known, their final number; what it raises
    ends the download. With `most`, only so many bytes of the beginning are got. Raises FetchFailed with a
    sentence about the link, and DiskFull.
    """
    download = _Download(path, limits, told, time.monotonic() + limits.seconds, most=most)
    path.unlink(missing_ok=True)
    path.touch()
    while True:
        before = download.have
        try:
            _attempt(link, download)
            return path
        except FetchFailed as error:
            if not error.passing:
                raise
            failure = error
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.rstrip(".")
            raise FetchFailed(
                f"The link's server has no valid certificate: {why}. Whoever runs this service can let it "
                "trust a further one in SSL_CERT_FILE."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull("There is no room on the disk for the file.") from error
            failure = FetchFailed(_what_broke(error, download), passing=True)
        download.failures = 0 if download.have > before else download.failures
        if download.failures >= len(PAUSES):
            raise FetchFailed(f"{failure} It was tried {len(PAUSES) + 1} times.")
        pause = PAUSES[download.failures]
        download.failures += 1
        if download.left() <= pause:
            raise failure
        _wait(pause, download)


def _wait(seconds: float, download: _Download) -> None:
    """Wait, and keep telling, since a download that waits can be cancelled as well."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        download.told(download.have, download.whole)
        time.sleep(min(left, 0.2))


def _attempt(link: str, download: _Download) -> None:
    """Ask for the file, or for what is missing of it, and take what comes."""
    for _ in range(MOST_REDIRECTS + 1):
        with answer_of(link, download) as (answer, connection):
            if answer.status not in _REDIRECTS:
                _take(answer, connection, download)
                return
            link = next_link(link, answer.headers.get("Location"))
    raise FetchFailed(f"The link is redirected more than {MOST_REDIRECTS} times.")


def _take(answer: http.client.HTTPResponse, connection: socket.socket, download: _Download) -> None:
    """Write what comes behind what is there, or from the beginning where the server begins there."""
    resumed = answer.status == http.client.PARTIAL_CONTENT and _begins_at(answer) == download.have
    if answer.status in _PASSING_STATUSES:
        raise FetchFailed(f"The link's server answers {answer.status} {answer.reason}.", passing=True)
    if answer.status != http.client.OK and not resumed:
        raise FetchFailed(f"The link's server answers {answer.status} {answer.reason[:80]}, not with a file.")
    refuse_content_type(answer.headers.get_content_type() if answer.headers.get("Content-Type") else "")
    if not resumed:
        download.have = 0
        download.validator = _validator(answer)
    announced = answer.length
    download.whole = None if announced is None else download.have + announced
    _check_room(download)
    with download.path.open("r+b") as file:
        file.seek(download.have)
        file.truncate()
        if answer.chunked or announced is None:
            _copy(answer.read1, file, download)
        else:
            # The library's own reading ends where it was announced that it would.
            _copy(answer.fp.read1, file, download)
            if download.have == download.whole:
                _refuse_more(answer, connection, download)


def _copy(read: Callable[[int], bytes], file: IO[bytes], download: _Download) -> None:
    most, wanted = download.limits.most_bytes, download.most
    while download.have not in (download.whole, wanted):
        download.told(download.have, download.whole)
        download.left()
        block = read(BLOCK)
        if not block:
            # The end, or the end of the time.
            download.left()
            break
        if wanted is not None:
            block = block[: wanted - download.have]
        download.have += len(block)
        if download.have > most:
            raise FetchFailed(
                f"The file is longer than {most // 1024**2} MB, which is the most that is taken."
            )
        if download.whole is not None and download.have > download.whole:
            raise _lied(download)
        file.write(block)
        file.flush()
    if download.whole is not None and download.have < download.whole and download.have != wanted:
        raise FetchFailed(
            f"The link's server broke off after {download.have} of the {download.whole} bytes it announced.",
            passing=True,
        )
    download.told(download.have, download.whole)


def _refuse_more(answer: http.client.HTTPResponse, connection: socket.socket, download: _Download) -> None:
    """Look whether more comes than was announced: without it, rows would be left out in silence."""
    connection.settimeout(MORE_SECONDS)
    try:
        more = answer.fp.read1(1)
    except OSError:
        return  # Nothing came, or the end did.
    if more:
        raise _lied(download)


def _lied(download: _Download) -> FetchFailed:
    return FetchFailed(
        f"The link's server announces {download.whole} bytes and sends more, so that it is not known what "
        "the file is."
    )


def _begins_at(answer: http.client.HTTPResponse) -> int | None:
    """Where a part of a file begins."""
    unit, _, rest = answer.headers.get("Content-Range", "").partition(" ")
    first = rest.partition("-")[0]
    return int(first) if unit == "bytes" and first.isascii() and first.isdigit() else None


def _validator(answer: http.client.HTTPResponse) -> str | None:
    """What shows that a file is still the same, for going on in it later."""
    tag: str = answer.headers.get("ETag", "")
    if tag.startswith('"') and tag.isprintable():
        return tag
    date: str | None = answer.headers.get("Last-Modified")
    return date if date and date.isprintable() else None


def _check_room(download: _Download) -> None:
    """Find out before the file comes whether it is too long."""
    if download.whole is None or download.most is not None:
        return
    most = download.limits.most_bytes
    if download.whole > most:
        raise FetchFailed(
            f"The file has {download.whole / 1024**2:.0f} MB; {most // 1024**2} MB is the most that is taken."
        )
    if download.whole - download.have > shutil.disk_usage(download.path.parent).free:
        raise DiskFull("There is no room on the disk for the file.")


def _what_broke(error: Exception, download: _Download) -> str:
    if isinstance(error, TimeoutError):
        return f"The link's server sent nothing for {download.limits.idle_seconds:.0f} seconds."
    if isinstance(error, ConnectionRefusedError):
        return "The link's server lets no connection in."
    if isinstance(error, ssl.SSLError):
        return f"No secure connection to the link's server could be made ({error.reason})."
    if isinstance(error, http.client.IncompleteRead | ConnectionError) or download.have:
        return f"The link's server broke off after {download.have} bytes."
    return f"The link's server does not answer as one should ({type(error).__name__})."
