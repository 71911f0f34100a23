"""Settings: read once, from the environment or files, and refused with a sentence."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from api.config import TABLE, Settings, check_credentials, read_settings
from api.errors import BadSetting

GOOD = {"API_USERNAME": "ada", "API_PASSWORD": "secret"}


def test_the_table_names_every_setting() -> None:
    """There is a row for each value and a value for each row."""
    assert [one.name.lower() for one in TABLE] == [one.name for one in fields(Settings)]


def test_every_default_is_a_good_value() -> None:
    """An empty environment is read without complaint."""
    settings = read_settings({})
    assert settings.api_port == 8000
    assert settings.models_dir == Path("data/models")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("API_PORT", "eighty", "give a whole number from 1 to 65535"),
        ("API_PORT", "65536", "give a whole number from 1 to 65535"),
        ("API_PORT", "-1", "give a whole number from 1 to 65535"),
        ("API_WORKERS", "0", "give a whole number from 1 to 256"),
        ("API_HOST", "somewhere", "give an address to listen on"),
        ("API_USERNAME", "a:b", "without a colon"),
        ("LOCAL_USE", "perhaps", "give 1 or 0"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(name: str, value: str, words: str) -> None:
    """The sentence names the setting, shows its value and says what to give."""
    with pytest.raises(BadSetting, match=words) as caught:
        read_settings({name: value})
    assert str(caught.value).startswith(f"{name}: {value!r}")


def test_a_setting_can_come_from_a_file(tmp_path: Path) -> None:
    """NAME_FILE names a file whose content, but for the line's end, is the value."""
    (tmp_path / "password").write_text("from a file\n")
    settings = read_settings({"API_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings.api_password == "from a file"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong NAME_FILE stops the start instead of leaving the setting empty."""
    with pytest.raises(BadSetting, match="API_PASSWORD_FILE: names a file that cannot be read"):
        read_settings({"API_PASSWORD_FILE": str(tmp_path / "absent")})


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    """Value and file together leave open which one counts."""
    with pytest.raises(BadSetting, match="is set twice"):
        read_settings({"API_PASSWORD": "one", "API_PASSWORD_FILE": str(tmp_path)})


@pytest.mark.parametrize("missing", ["API_USERNAME", "API_PASSWORD"])
def test_there_are_no_built_in_credentials(missing: str) -> None:
    """Without a name or a password the service does not start."""
    with pytest.raises(BadSetting, match=f"{missing}: is not set"):
        check_credentials(read_settings(GOOD | {missing: ""}))


SAMPLE = {"API_USERNAME": "my_username", "API_PASSWORD": "my_password"}


def test_the_sample_pair_is_refused_where_others_could_reach_it() -> None:
    """Listening on every address with the password from the README is refused."""
    with pytest.raises(BadSetting, match="is the sample one"):
        check_credentials(read_settings(SAMPLE | {"API_HOST": "0.0.0.0"}))


@pytest.mark.parametrize("where", [{"API_HOST": "127.0.0.1"}, {"API_HOST": "0.0.0.0", "LOCAL_USE": "1"}])
def test_the_sample_pair_will_do_on_this_machine(where: dict[str, str]) -> None:
    """On loopback, or where the operator vouches for it, the sample pair serves for a first try."""
    check_credentials(read_settings(SAMPLE | where))
