"""Log lines where standard output is the process's own."""

from __future__ import annotations

import os
import sys

import pytest

from api import logs


def test_a_line_that_is_written_in_parts_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe may take less than the line, and then the rest of it follows."""
    written: list[bytes] = []

    def write(descriptor: int, content: bytes) -> int:
        assert descriptor == 1
        written.append(content[:3])
        return len(written[-1])

    monkeypatch.setattr(sys, "__stdout__", sys.stdout)
    monkeypatch.setattr(os, "write", write)
    logs.write_line('{"id": "a"}\n')
    monkeypatch.undo()
    assert written[0] == b'{"i'
    assert b"".join(written) == b'{"id": "a"}\n'
