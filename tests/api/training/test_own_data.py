"""The command that trains similar jobs on a person's own data, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from bench.job_rows import make_file
from tests.onet import write_onet
from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, clean_environment, running_api


def train(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `python -m api train` does, with everything it writes in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "api", "train", *arguments],
        cwd=ROOT,
        env=clean_environment(DATA_DIR=str(folder)),
        capture_output=True,
        text=True,
        timeout=5 * DEADLINE,
        check=False,
    )


def card_in(folder: Path) -> Card:
    """The card of the first version there."""
    return ModelsDirectory(folder / "models").card("similar_jobs", "1")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a model of 600 rows and 12 titles, and what was printed."""
    folder = tmp_path_factory.mktemp("own")
    file = make_file(folder / "jobs.csv", 600, 12)
    with file.open("a", encoding="utf-8") as out:
        out.write("R9,Lamplighter,Lights lamps\nR9,Lamplighter,Trims wicks\n")
    ended = train(folder, "similar_jobs", "--data", str(file))
    assert ended.returncode == 0, ended.stderr
    return folder, ended.stdout


def test_the_card_and_the_screen_say_what_was_found(trained: tuple[Path, str]) -> None:
    """Where it was read from, what was left out, how it was split; and that it is equal to scikit-learn."""
    card = card_in(trained[0])
    notes = " ".join(card.notes)
    for said in (
        "Read from jobs.csv (UTF-8, commas): titles from the column 'Job Title'",
        "602 rows read.",
        "1 title left out for having fewer than 10 different descriptions: Lamplighter (2).",
        "groups with nearly the same words",
        "Classifiers are compared on",
        "In cross-validation",
    ):
        assert said in notes
        assert said in trained[1]
    assert card.source == "the recipe similar_jobs on jobs.csv"
    assert len(card.target.classes) == 12
    assert card.ranking is not None
    assert card.ranking.top_3 > 0.5
    assert card.runtime.parity is not None
    assert 5000 <= card.runtime.parity.rows <= 10_000
    assert card.runtime.parity.largest_difference <= 1e-9


def test_it_is_served(trained: tuple[Path, str], tmp_path: Path) -> None:
    """The service ranks the titles of the file for a description, and has skills for each."""
    auth = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
    with running_api(trained[0] / "models", tmp_path, DEFAULT_MODEL="similar_jobs") as service:
        experience = {"experience": [{"description": "scheduling pay runs and payslips under supervision"}]}
        answer = requests.post(
            f"{service.url}/model/similar_jobs", json=experience, auth=auth, timeout=DEADLINE
        ).json()
        titles = requests.get(f"{service.url}/model/titles", auth=auth, timeout=DEADLINE).json()
    assert answer["results"][0]["title"] == "trainee payroll planner"
    assert len(answer["results"]) == 12
    assert len(titles["titles"]) == 12


def test_the_same_file_gives_the_same_model(trained: tuple[Path, str], tmp_path: Path) -> None:
    """Down to the digests, in another process."""
    assert train(tmp_path, "similar_jobs", "--data", str(trained[0] / "jobs.csv")).returncode == 0
    first, second = card_in(trained[0]), card_in(tmp_path)
    assert (first.files, first.data_digest, first.notes) == (second.files, second.data_digest, second.notes)


def test_onets_files_are_learnt_from(tmp_path: Path) -> None:
    """Titles are the occupations'."""
    ended = train(tmp_path, "similar_jobs", "--data", str(write_onet(tmp_path) / "Task Statements.txt"))
    assert ended.returncode == 0, ended.stderr
    assert [one.label for one in card_in(tmp_path).target.classes] == ["Kite Makers", "Lamp Lighters"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["similar_jobs", "--data", "{}/odd.csv"], "odd.csv: No column is known to hold job titles"),
        (["similar_jobs", "--data", "{}/none.csv"], "No such file or directory"),
        (["similar_jobs", "--title-column", "name"], "--data FILE"),
        (["similar_jobs", "--data", "{}/odd.csv", "--target", "who"], "--target is for tables"),
        (["iris", "--data", "{}/odd.csv", "--title-column", "who"], "it is no recipe of texts"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], why: str) -> None:
    """In a sentence, with exit status 2, and nothing is published."""
    (tmp_path / "odd.csv").write_text("who,what\na,b\n", encoding="utf-8")
    ended = train(tmp_path, *(one.format(tmp_path) for one in arguments))
    assert ended.returncode == 2
    assert why in ended.stderr
    assert not (tmp_path / "models").exists()
