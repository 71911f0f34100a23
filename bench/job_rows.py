"""Made-up rows of job titles and descriptions, as many as wanted: what a large employer's file is like.

A title is a domain, a role and a level; a line joins what the role does with things of the domain. All of
it is written for this project.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_DOMAINS = {
    "payroll": "pay runs, tax codes, payslips, pension deductions, overtime claims, starters and leavers",
    "warehouse": "pallets, loading bays, stock counts, pick lists, forklift trucks, delivery notes",
    "pharmacy": "prescriptions, dosage checks, controlled drugs, repeat orders, shelf life, patient leaflets",
    "railway": "signal boxes, track circuits, points, level crossings, possessions, rolling stock",
    "dairy": "milking parlours, herd records, silage, calving pens, udder health, bulk tanks",
    "payments": "card schemes, chargebacks, settlement files, merchant accounts, refunds, tokenisation",
    "water": "pumping stations, sludge, mains bursts, chlorine dosing, reservoirs, leak detection",
    "insurance": "claims files, reserves, policy wordings, underwriting limits, loss adjusters, premiums",
    "museum": "collections, loans, showcases, condition reports, visitor trails, accession numbers",
    "network": "routers, switches, firewalls, VLANs, cabling cabinets, packet captures",
    "hospital catering": "patient menus, allergen sheets, ward trolleys, chilled meals, diets",
    "forestry": "felling licences, harvesters, seedlings, timber stacks, thinning plans, deer fences",
    "recruitment": "shortlists, job boards, interview slots, offer letters, references, candidate pools",
    "software testing": "test cases, regression suites, defect reports, Selenium scripts, release notes",
    "fashion": "pattern pieces, fittings, fabric swatches, lookbooks, samples, seasonal ranges",
    "airport": "check-in desks, boarding gates, baggage belts, slots, apron stands, lost luggage",
    "legal": "witness statements, bundles, court deadlines, disclosure, case law, engagement letters",
    "solar": "panels, inverters, roof surveys, string layouts, feed-in meters, shading reports",
    "nursery": "circle time, nap rotas, learning journals, settling-in visits, snack menus, outdoor play",
    "brewery": "mash tuns, fermenters, hop additions, kegs, yeast counts, cellar temperatures",
    "data": "dashboards, SQL queries, pipelines, data quality rules, forecasts, Python notebooks",
    "housing": "tenancies, repairs, rent arrears, void properties, waiting lists, estate walks",
    "printing": "plates, inks, colour proofs, folding machines, paper stock, print runs",
    "customs": "tariff codes, import declarations, bonded stores, duty relief, certificates of origin",
    "theatre": "cue sheets, lighting rigs, props tables, set changes, technical rehearsals, prompt books",
}
_ROLES = {
    "planner": "scheduling, forecasting, sequencing, balancing, drawing up plans for, rescheduling",
    "inspector": "checking, inspecting, sampling, auditing, recording faults in, certifying",
    "trainer": "teaching, coaching staff in, writing courses on, demonstrating, assessing trainees on",
    "buyer": "sourcing, negotiating, ordering, comparing quotes for, tendering, paying for",
    "engineer": "designing, repairing, upgrading, diagnosing, commissioning, calibrating",
    "adviser": "answering callers about, explaining, advising on, recommending, solving queries about",
    "analyst": "analysing, reporting on, modelling, benchmarking, investigating, charting",
    "coordinator": "arranging, booking, chasing, updating trackers of, circulating, lining up",
}
_LEVELS = {
    "trainee": "under supervision, while studying, learning from colleagues",
    "junior": "with a mentor, following procedures, as one of a small team",
    "": "on a rota, for regional sites, with other departments",
    "senior": "mentoring newcomers, for demanding cases, setting the standards",
    "head": "with a budget, reporting to the board, leading a department",
}
_STARTS = (
    "",
    "I spend most days ",
    "You will be ",
    "Responsible for ",
    "The role involves ",
    "Experience of ",
)


def titles() -> list[tuple[str, str, str]]:
    """A thousand titles as domain, role and level."""
    return [(domain, role, level) for level in _LEVELS for role in _ROLES for domain in _DOMAINS]


def job_rows(rows: int, title_count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Titles and descriptions: some titles are twice as frequent as others; some rows repeat another."""
    chance = random.Random(seed)  # noqa: S311 (made-up rows, not secrets)
    known = titles()[:title_count]
    weights = [chance.uniform(1, 2) for _ in known]
    last = ("", "")
    for title in chance.choices(known, weights, k=rows):
        if last[0] and chance.random() < 0.01:
            yield last
            continue
        last = (" ".join(part for part in (title[2], *title[:2]) if part), _description(chance, *title))
        yield last


def write_job_rows(out: TextIO, rows: int, title_count: int, seed: int = 0) -> None:
    """A CSV file of them, with a column that nobody needs."""
    writer = csv.writer(out)
    writer.writerow(["Reference", "Job Title", "Description"])
    for number, (title, text) in enumerate(job_rows(rows, title_count, seed), start=1):
        writer.writerow([f"R{number:06}", title, text])


def _description(chance: random.Random, domain: str, role: str, level: str) -> str:
    things, acts, ways = _DOMAINS[domain].split(", "), _ROLES[role].split(", "), _LEVELS[level].split(", ")
    sentences = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        picked = chance.sample(things, chance.randint(2, 4))
        sentence = f"{chance.choice(_STARTS)}{chance.choice(acts)} {', '.join(picked[:-1])} and {picked[-1]}"
        if chance.random() < 0.6:
            sentence += f" {chance.choice(ways)}"
        if chance.random() < 0.3:
            sentence += f", {chance.choice(acts)} {_number(chance)} {chance.choice(things)} a week"
        sentences.append(sentence[0].upper() + sentence[1:])
    return ". ".join(sentences)


def _number(chance: random.Random) -> str:
    """A name of a customer or a count, such as makes nearly every line of real files a little different."""
    return chance.choice((str(chance.randint(2, 900)), "dozens of", f"site {_name(chance)}'s"))


def _name(chance: random.Random) -> str:
    syllables = ("ka", "lo", "mer", "tin", "bra", "sul", "ven", "dor", "pha", "xi", "nor", "gle")
    return "".join(chance.choices(syllables, k=4)).capitalize()


def make_file(path: Path, rows: int, title_count: int) -> Path:
    """The rows in a file of their own; returns its path."""
    with path.open("w", encoding="utf-8", newline="") as out:
        write_job_rows(out, rows, title_count)
    return path
