"""Fixtures: the two services in the states a person may meet them in, and a watched browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.front_end_app.fake_api import Received, Reply, fake_api
from tests.front_end_app.samples import GARDEN, IRIS, YIELD, YIELD_ANSWER, serving, serving_all
from tests.services import DEADLINE, running_api, running_front_end

from . import house
from .chromium import ARGUMENTS, NoBrowser, find_or_install
from .watch import watch

OpenPage = Callable[..., Page]
"""open_page(javascript=True, scheme="light", width=1280): a new page, watched until the test ends."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    try:
        path = find_or_install()
    except NoBrowser as missing:
        pytest.fail(str(missing), pytrace=False)
    expect.set_options(timeout=DEADLINE * 1000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages; afterwards no page may have asked another host or complained in the console."""
    opened = []

    def open_one(*, javascript: bool = True, scheme: str = "light", width: int = 1280) -> Page:
        context = browser.new_context(
            java_script_enabled=javascript,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(DEADLINE * 1000)
        page = context.new_page()
        opened.append((context, watch(page)))
        return page

    yield open_one
    for context, watched in opened:
        context.close()
        assert watched.hosts <= {"127.0.0.1"}
        assert watched.complaints == []


@pytest.fixture(scope="session")
def site(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the front end, with the real API behind it."""
    folder = tmp_path_factory.mktemp("site")
    with running_api(models_dir, folder) as api, running_front_end(api.url, folder) as front_end:
        yield front_end.url


@pytest.fixture(scope="session")
def site_without_api(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end after the API's process has been stopped."""
    folder = tmp_path_factory.mktemp("down")
    with running_api(models_dir, folder) as api, running_front_end(api.url, folder) as front_end:
        api.stop()
        yield front_end.url


@pytest.fixture(scope="session")
def site_not_let_in(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with a password that the real API does not accept."""
    folder = tmp_path_factory.mktemp("refusing")
    with (
        running_api(models_dir, folder) as api,
        running_front_end(api.url, folder, API_PASSWORD="another password") as front_end,
    ):
        yield front_end.url


@pytest.fixture(scope="session")
def site_with_slow_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end before a server that takes requests and says nothing."""
    with fake_api(serving(IRIS)) as api:
        api.behave = api.hang
        with running_front_end(api.url, tmp_path_factory.mktemp("slow"), API_TIMEOUT="0.3") as front_end:
            yield front_end.url


@pytest.fixture(scope="session")
def garden_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with an invented model that has a field of every kind."""
    with (
        fake_api(serving(GARDEN, {"response": {"predicted_flower": "yes"}, "id": "1"})) as api,
        running_front_end(api.url, tmp_path_factory.mktemp("garden")) as front_end,
    ):
        yield front_end.url


@pytest.fixture(scope="session")
def jobs_site(jobs_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with the real API, which serves the similar-jobs model."""
    folder = tmp_path_factory.mktemp("jobs_site")
    with running_api(jobs_dir, folder) as api, running_front_end(api.url, folder) as front_end:
        yield front_end.url


@pytest.fixture(scope="session")
def full_house(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with the real API, which serves iris and four models as people bring them."""
    folder = tmp_path_factory.mktemp("house")
    models = house.furnish(models_dir, folder)
    with running_api(models, folder) as api, running_front_end(api.url, folder) as front_end:
        yield front_end.url


@pytest.fixture(scope="session")
def orchard_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with thirty invented models, the first of which predicts a number."""
    others = [{**GARDEN, "name": f"garden{n}", "title": f"Garden {n}"} for n in range(2, 31)]
    models = [(YIELD, YIELD_ANSWER), *((one, {}) for one in others)]
    with (
        fake_api(serving_all(models)) as api,
        running_front_end(api.url, tmp_path_factory.mktemp("orchard")) as front_end,
    ):
        yield front_end.url


@pytest.fixture(scope="session")
def busy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with an API that is busy with another file."""

    def busy(request: Received) -> Reply | None:
        if request.body:
            return Reply(503, {"message": "Another CSV is being scored."}, (("Retry-After", "5"),))
        return serving(IRIS)(request)

    with fake_api(busy) as api, running_front_end(api.url, tmp_path_factory.mktemp("busy")) as front_end:
        yield front_end.url


@pytest.fixture(scope="session")
def waiting_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front end with an API that takes a file and is at work on it for longer than anybody waits."""
    with fake_api(serving(IRIS)) as api:
        api.behave = lambda request: api.hang(request) if request.body else serving(IRIS)(request)
        with running_front_end(api.url, tmp_path_factory.mktemp("waiting"), CSV_TIMEOUT="5") as front_end:
            yield front_end.url
