"""SHA-256 digests of files, written as `sha256:<hex>`."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_of(content: bytes) -> str:
    """The digest of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def file_digest(path: Path) -> str:
    """The digest of a file's content; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
