"""Settings: what is read, and what is said when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from front_end_app.config import TABLE, WrongSettings, read_settings, settings_table

GIVEN = {"API_USERNAME": "gardener", "API_PASSWORD": "a-pass"}


def complaint(**environ: str) -> str:
    """What is said of these settings, on top of credentials that are right."""
    with pytest.raises(WrongSettings) as wrong:
        read_settings({**GIVEN, **environ})
    return str(wrong.value)


def test_defaults_fit_a_first_try_on_one_machine() -> None:
    """With credentials alone, the front end listens on loopback and finds the API beside it."""
    settings = read_settings(GIVEN)
    assert (settings.front_end_host, settings.front_end_port) == ("127.0.0.1", 5000)
    assert settings.api_url == "http://localhost:8000"


def test_there_are_no_built_in_credentials() -> None:
    """Without credentials it does not start, and names both settings at once."""
    with pytest.raises(WrongSettings) as wrong:
        read_settings({})
    assert [sentence.split()[0] for sentence in wrong.value.sentences] == ["API_USERNAME", "API_PASSWORD"]


def test_each_setting_can_come_from_a_file(tmp_path: Path) -> None:
    """NAME_FILE is read and its line end dropped, as secrets are mounted in containers."""
    secret = tmp_path / "password"
    secret.write_text("from a file\n", encoding="utf-8")
    given = {"API_USERNAME": "gardener", "API_PASSWORD_FILE": str(secret)}
    assert read_settings(given).api_password == "from a file"


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    """A value and a file for the same setting is a mistake, not a preference."""
    assert "both set" in complaint(API_PASSWORD_FILE=str(tmp_path))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The sentence names the setting and the path, so that it can be put right."""
    missing = str(tmp_path / "nothing here")
    said = complaint(API_URL_FILE=missing)
    assert "API_URL_FILE" in said
    assert missing in said


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("FRONT_END_PORT", "abc", "from 1 to 65535"),
        ("FRONT_END_PORT", "0", "from 1 to 65535"),
        ("FRONT_END_PORT", "70000", "from 1 to 65535"),
        ("FRONT_END_HOST", "not a host", "127.0.0.1"),
        ("FRONT_END_THREADS", "none", "from 1 to 256"),
        ("API_URL", "localhost:8000", "http://localhost:8000"),
        ("API_URL", "http://", "http://localhost:8000"),
        ("API_URL", "http://[::1", "http://localhost:8000"),
        ("API_URL", "http://name:word@api:8000", "API_USERNAME"),
        ("API_TIMEOUT", "soon", "number of seconds"),
        ("API_TIMEOUT", "nan", "number of seconds"),
        ("API_TIMEOUT", "-1", "number of seconds"),
        ("CSV_TIMEOUT", "never", "for example 900"),
        ("API_USERNAME", "a:b", "without a colon"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(name: str, value: str, right: str) -> None:
    """The sentence holds the setting, the value that was given and one that would do."""
    said = complaint(**{name: value})
    assert name in said
    assert value in said
    assert right in said


def test_a_wrong_password_is_not_shown() -> None:
    """Even a password that cannot be used stays secret."""
    said = complaint(API_PASSWORD="hush\x00hush")
    assert "API_PASSWORD" in said
    assert "hush" not in said


def test_the_password_is_not_in_the_printed_settings() -> None:
    """Settings can be logged: their text does not hold the password."""
    assert "a-pass" not in repr(read_settings(GIVEN))


def test_the_table_names_every_setting_with_its_default_and_meaning() -> None:
    """`settings` prints one line for each row of the table, and no password."""
    table = settings_table()
    for setting in TABLE:
        line = next(line for line in table.splitlines() if line.startswith(setting.name + " "))
        assert (setting.default or ("(required)" if setting.default is None else "(none)")) in line
        assert setting.help in line


def test_a_key_that_could_be_guessed_is_refused() -> None:
    """And not shown; none at all is fine."""
    said = complaint(SECRET_KEY="hush")
    assert "SECRET_KEY" in said
    assert "hush" not in said
    assert read_settings(GIVEN).secret_key == ""


def test_secrets_are_not_in_the_printed_settings() -> None:
    """A key of one's own is no more printed than the password."""
    assert "long enough" not in repr(read_settings({**GIVEN, "SECRET_KEY": "a key that is long enough"}))
