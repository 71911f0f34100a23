"""The skills of a title: phrases that could stand in a CV, taken from its own lines."""

from __future__ import annotations

import pytest

from api.recipes.plain_text import plain
from api.recipes.similar_jobs import SIMILAR_JOBS
from api.recipes.text_recipe import LabelledText
from api.training.phrases import Language, language_of, phrases
from api.training.skills import COUNT, skills_of
from bench.job_rows import job_rows


@pytest.fixture(scope="module")
def language() -> Language:
    """What the bundled lines show of their words."""
    return language_of(one.text for one in SIMILAR_JOBS.load())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Responsible for changing dressings and the risk registers.",
            ["changing dressings", "risk registers"],
        ),
        ("I advise clients on IFRS and AutoCAD", ["clients", "IFRS", "AutoCAD"]),
        ("Prepared year-end accounts under GAAP", ["year-end accounts", "GAAP"]),
        ("Advises parents on bedtime stories", ["bedtime stories"]),
        ("Fitting smoke and heat alarms", []),
        ("Managing a ward", ["ward"]),
        ("Polish teeth, gave tuition, drove buses", ["buses"]),
    ],
)
def test_phrases_could_stand_alone(language: Language, text: str, expected: list[str]) -> None:
    """Things, names, and what is done to things; no verbs in other tenses, and none without its object."""
    found = [" ".join(phrase) for phrase in phrases(text, language)]
    assert [one for one in expected if one not in found] == []
    for odd in ("gave tuition", "drove buses", "fitting smoke", "managing", "prepared", "advises parents"):
        assert odd not in [one.lower() for one in found]


def test_bundled_titles_have_twenty_different_ones() -> None:
    """None is another one's part, repeats the title, or is longer than three words; the same each time."""
    lines = SIMILAR_JOBS.load()
    skills = skills_of(lines)
    assert skills == skills_of(lines)
    assert {len(its) for its in skills.values()} == {COUNT}
    for title, its in skills.items():
        lower = [f" {one.lower()} " for one in its]
        assert not [(a, b) for a in lower for b in lower if a != b and a in b]
        assert f" {title} " not in lower
        assert max(len(one.split()) for one in its) <= 3


def test_what_every_advert_says_is_nobodys_skill() -> None:
    """The firm, its offer and how to apply are in adverts of all titles, whatever tags they stand in."""
    advert = (
        "<h2>About us</h2><p>Join Brandt &amp; Sons Ltd.</p><ul><li>{}</li><li>Competitive salary</li></ul>"
        "<p>Apply today!</p>"
    )
    lines = [LabelledText(plain(advert.format(text)), title) for title, text in job_rows(900, 30)]
    skills = skills_of(lines)
    every = {word.lower() for its in skills.values() for one in its for word in one.split()}
    assert not every & {"brandt", "sons", "ltd", "join", "salary", "apply", "li", "h2", "amp"}
    assert all(skills.values())
    payroll = " ".join(skills["trainee payroll planner"])
    assert "pay" in payroll


def test_very_long_texts_are_read_in_part() -> None:
    """Their number does not change what a title takes, only how much of it is looked at."""
    few = [LabelledText(text, title) for title, text in job_rows(400, 4)]
    many = few * 30
    assert {title: len(its) > 0 for title, its in skills_of(many).items()} == dict.fromkeys(
        skills_of(few), True
    )
