"""SHA-256 digests of files, written as `sha256:<hex>`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(content: bytes) -> str:
    """The digest of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def digest_of_parts(parts: Iterable[bytes]) -> str:
    """The digest of some bytes, one after another, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:%b" % (len(part), part))
    return f"sha256:{digest.hexdigest()}"


def file_digest(path: Path) -> str:
    """The digest of a file's content; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
