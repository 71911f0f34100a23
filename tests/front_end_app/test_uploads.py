"""Files on their way in: read as they come, never as a whole."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, HTTPException

from front_end_app.uploads import BLOCK, LONGEST_FIELD, drain, read_body, read_form

BOUNDARY = "----a-boundary"


class Trickle(io.BytesIO):
    """A body that comes a few bytes at a time, as networks deliver it."""

    at_once = 1

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.at_once if size is None or size < 0 else min(size, self.at_once))


def trickle(body: bytes, at_once: int) -> Trickle:
    """That body, at most `at_once` bytes at a time."""
    stream = Trickle(body)
    stream.at_once = at_once
    return stream


def form(content: bytes, token: bytes = b"the-token") -> bytes:
    """What a browser sends for a form with a token and a file."""
    return (
        b"------a-boundary\r\n"
        b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + token + b"\r\n"
        b"------a-boundary\r\n"
        b'Content-Disposition: form-data; name="file"; filename="r.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + content + b"\r\n"
        b"------a-boundary--\r\n"
    )


@given(content=st.binary(max_size=400), at_once=st.integers(1, 120))
def test_a_file_comes_out_as_it_was(content: bytes, at_once: int) -> None:
    """Whatever is in it, and wherever the network cuts it."""
    upload = read_form(trickle(form(content), at_once), BOUNDARY)
    assert upload.fields == {"csrf_token": "the-token"}
    assert b"".join(upload.blocks) == content


@pytest.mark.parametrize("ending", [b"", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\r\n--"])
def test_a_file_may_end_wherever_a_block_does(ending: bytes) -> None:
    """Its own line ends and the form's boundary are told apart when they are read in two parts."""
    before = len(form(b"").partition(b"text/csv\r\n\r\n")[0]) + len(b"text/csv\r\n\r\n")
    for length in range(BLOCK - before - 30, BLOCK - before + 5):
        content = b"x" * length + ending
        assert b"".join(read_form(io.BytesIO(form(content)), BOUNDARY).blocks) == content


def test_what_looks_like_the_end_is_not_the_end() -> None:
    """Half a boundary in the file is the file's own."""
    content = b"a\r\n------a-bound\r\n--\r\n\r\n------a-boundar" * 50
    upload = read_form(trickle(form(content), 7), BOUNDARY)
    assert b"".join(upload.blocks) == content


def test_a_long_file_is_handed_on_in_blocks() -> None:
    """The first block is there when most of the file has not been read."""
    body = io.BytesIO(form(b"5.1,3.5\n" * 1_000_000))
    first = next(read_form(body, BOUNDARY).blocks)
    assert 0 < len(first) < 200_000
    assert body.tell() < 200_000


def test_a_file_that_breaks_off_is_none() -> None:
    """Half a file must not be answered as if it were whole."""
    cut = form(b"5.1,3.5\n" * 100)[:-200]
    with pytest.raises(BadRequest):
        list(read_form(io.BytesIO(cut), BOUNDARY).blocks)
    with pytest.raises(BadRequest):
        list(read_body(io.BytesIO(b"5.1"), 100))


def test_a_body_of_the_right_length_is_whole() -> None:
    """And so is one whose length nobody told."""
    assert b"".join(read_body(io.BytesIO(b"5.1"), 3)) == b"5.1"
    assert b"".join(read_body(io.BytesIO(b"5.1"), None)) == b"5.1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"------a-boundary--\r\n",
        b"------a-boundary\r\nContent-Type: text/csv\r\n\r\nx\r\n------a-boundary--\r\n",
        form(b"x").replace(b'; filename="r.csv"', b""),
        form(b"x", token=b"t" * (LONGEST_FIELD + 1)),
        b"------a-boundary\r\nContent-Disposition: form-data; name=" + b"n" * 2_000_000,
    ],
)
def test_what_is_no_form_with_a_file_is_refused(body: bytes) -> None:
    """As a bad request, however large it is."""
    with pytest.raises(HTTPException) as refused:
        read_form(io.BytesIO(body), BOUNDARY)
    assert refused.value.code in (400, 413)


def test_what_is_left_is_read() -> None:
    """So that the browser gets to the answer; a browser that is gone is no error."""
    left = io.BytesIO(b"x" * 300_000)
    drain(left)
    assert left.read() == b""

    class Gone(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    drain(Gone())
