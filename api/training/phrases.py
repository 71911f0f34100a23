"""Phrases of a text that could stand alone: nouns with what goes before them, and gerunds with their objects.

There is no dictionary: what a word is, it shows by the words beside it in all texts together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

LONGEST = 3

# Words in which people write about work whatever it is: they separate phrases and are in none.
_OF_ANY_JOB = frozenset(
    word
    for line in (
        "able accurate across actual additional ago ahead alone annual annually anxious around available",
        "average away back based basic beautiful behind being best better big busy calm certain clear",
        "comfortable common complete complex correct current daily day days dead demanding different",
        "difficult doing down dozens duties duty early entire essential every everyday everyone excellent",
        "existing experience experienced extra fast fewer final first fresh friday friendly full future",
        "general getting giving going good great half having heavy help helpful helping high home hour",
        "hours include includes including individual inexperienced involve involves involving job keeping",
        "key knowledge large late later level lively local long loud low main major making many medium",
        "messy million monday month monthly months morning multiple near necessary new nice night noisy",
        "numerous off old open opportunity outside overnight own people percent perfect person personal",
        "place pleasant possible previous proper proud punctual putting quarter quick quiet ready real",
        "regular related relevant reliable required responsibilities responsibility responsible right",
        "role saturday saturdays second seeing several short similar simple simpler single skill skilled",
        "skills small special specific straight strange strong successful suitable sunday sundays taking",
        "team teams thing things thirty thorough thousand thursday time timely times today together",
        "tomorrow total trained tricky tuesday twenty twice typical unusual used useful using usual",
        "usually various wanting weak wednesday week weekly weeks whole wide work worked working works",
        "wrong year yearly years young",
    )
    for word in line.split()
)
_SEPARATING = ENGLISH_STOP_WORDS | _OF_ANY_JOB
# Past tenses that do not end in -ed.
_PAST = frozenset(
    word
    for line in (
        "became began bent bought broke brought built came caught chose cut dealt did drew drove dug fed",
        "fell felt flew fought found gave got grew grown heard held hung kept knew laid led left lent let",
        "lost made meant met paid put ran rang rebuilt rewrote rode rose sang sat saw sent set shot",
        "showed shown sold sought spent spoke stood stuck struck swam swept swore taught threw thrown",
        "told took taken tore understood wept went won wore wove written wrote restrung withdrew wound",
        "overran oversaw",
    )
    for word in line.split()
)
_BEFORE_NOUNS = frozenset(
    word
    for line in (
        "a an the of for with in on from by at into about between under over my our their his her its",
        "your any some all no each both against without through using as per",
    )
    for word in line.split()
)
_BEFORE_VERBS = frozenset(
    word
    for line in ("i you we they he she to will can must would could should may who that which",)
    for word in line.split()
)
_FIRMS = frozenset(["ltd", "inc", "gmbh", "llc", "plc", "corp", "limited"])
_PIECE = re.compile(r"[^\W_][\w'’/+#&-]*|[^\w\s]|\n")  # noqa: RUF001 (a typographic apostrophe)
_OWNERS = ("'", "'s", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}s")
_NUMBER = re.compile(r"\d")
_ENDS = ".!?:;•\n"
_NOUN_IN_ED = re.compile(r"eed$|(^|-)(bed|shed|sled|med)$")
_ROMAN = re.compile(r"[IVX]+")
_DESCRIBING = re.compile(r"(able|ible|ful|less|ous|ive|ish|ical|ary|est|ly)$")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What the words of some texts show of themselves.

    `nouns` counts where a word stands as a noun, `verbs` where as a verb; `names` are those written with a
    capital inside sentences, as they are written there; `gerunds` are all words in -ing.
    """

    nouns: Counter[str]
    verbs: Counter[str]
    names: Collection[str]
    gerunds: Collection[str]

    def is_verb(self, word: str) -> bool:
        """Whether a word is rather a verb in some tense than a noun or what describes one."""
        lower = word.lower()
        if lower in _PAST or (lower.endswith("ed") and not _NOUN_IN_ED.search(lower)):
            return True
        return self.verbs[lower] > self.nouns[lower]

    def may_be_done(self, word: str) -> bool:
        """Whether a word is a form of one that is also used as an activity: polish, polishing."""
        lower = word.lower()
        bare = lower.removesuffix("s")
        return any(f"{base}ing" in self.gerunds for base in (lower, bare, bare.removesuffix("e")))

    def ends_phrase(self, word: str) -> bool:
        """Whether a phrase may end in a word: a noun, a name, or an activity."""
        lower = word.lower()
        if _DESCRIBING.search(lower) or self.is_verb(word):
            return False
        if word != lower or self.nouns[lower] > 0:
            return True
        # Of several things one may be a thing elsewhere; what is never done is a thing anyhow.
        several = lower.endswith("s") and not lower.endswith("ss")
        return several and (self.nouns[lower.removesuffix("s")] > 0 or not self.may_be_done(word))


def pieces(text: str) -> list[str]:
    """Words, marks and line breaks, in order."""
    return _PIECE.findall(text)


def language_of(texts: Iterable[str]) -> Language:
    """Look at the words beside each word."""
    nouns: Counter[str] = Counter()
    verbs: Counter[str] = Counter()
    lower, capital, first = set[str](), set[str](), set[str]()
    for text in texts:
        before = "."
        found = pieces(text)
        for at, word in enumerate(found):
            after = found[at + 1].lower() if at + 1 < len(found) else "."
            low = word.lower()
            if before in _BEFORE_NOUNS and _closes(after):
                nouns[low] += 1
            elif before in _BEFORE_VERBS or (before in _ENDS and after in _BEFORE_NOUNS):
                verbs[low] += 1
            if before in _ENDS:
                first.add(low)
            else:
                (lower if word == low else capital).add(word)
            before = low
    gerunds = {word for word in verbs.keys() | nouns.keys() | lower if word.endswith("ing")}
    gerunds |= {word for word in first if word.endswith("ing")}
    return Language(nouns, verbs, {word for word in capital if word.lower() not in lower}, gerunds)


def phrases(text: str, language: Language) -> Iterator[Phrase]:
    """The phrases of one to three words that a text has, each with the capitals of its names alone."""
    run: list[str] = []
    before, cut = ".", False
    found = [*pieces(text), "."]
    for piece, after in pairwise([*found, "."]):
        # A sentence begins with a capital, and so do names of several words.
        known = piece in language.names or _is_name(piece) or after[0].isupper()
        word = piece if known or before not in _ENDS else piece.lower()
        gerund = word.endswith("ing")
        # What is told or asked to be done begins a sentence, or follows who does it or what else is done.
        told = before in _ENDS or before in _BEFORE_VERBS or before in ("and", ",")
        is_verb = not gerund and (language.is_verb(word) or (told and language.may_be_done(word)))
        if _separates(word) or is_verb:
            whole = not (cut or word.lower() in _OF_ANY_JOB)
            yield from _of_run(run, language, word) if whole else ()
            # "High street" without its first word is another one, and so is "condensed matter".
            cut = word.lower() in _OF_ANY_JOB or (not _separates(word) and not told)
            run = []
        else:
            run.append(word)
        before = piece.lower()


def is_gerund(phrase: Phrase) -> bool:
    """Whether it begins with a gerund that has an object."""
    return len(phrase) > 1 and phrase[0].endswith("ing") and len(phrase[0]) > 4


def is_named(word: str) -> bool:
    """Whether a word is written with a capital anywhere."""
    return word != word.lower()


def stem(word: str) -> str:
    """Roughly what a word shares with its other forms."""
    return re.sub(r"(ings|ing|ers|er|ed|ies|es|s|e|y)$", "", word.lower())[:7]


def is_abbreviation(word: str) -> bool:
    """Whether a word has capitals within: IFRS, AutoCAD, QuickBooks."""
    return _is_name(word)


def _of_run(run: Sequence[str], language: Language, after: str) -> Iterator[Phrase]:
    if not 1 <= len(run) <= LONGEST or not language.ends_phrase(run[-1]):
        return
    if any(word in _FIRMS or word.endswith(_OWNERS) for word in map(str.lower, run)):
        return
    # Somebody who does something, and not a thing: "advises parents", "lorries leaving".
    if len(run) > 1 and run[0].endswith("s") and language.may_be_done(run[0]):
        return
    for before, word in pairwise(run):
        if word.endswith("ing") and (before.endswith("s") or word != run[-1]):
            return
    # "Fitting smoke and heat alarms" is not about fitting smoke.
    if len(run) > 1 and after in ("and", "or", ",", "/") and not run[-1].endswith("s"):
        return
    yield tuple(run)
    # What is done to them may vary; the things themselves are a phrase too.
    if len(run) == LONGEST and is_gerund(tuple(run)):
        yield tuple(run[1:])


def _closes(after: str) -> bool:
    return not after[0].isalnum() or after in ENGLISH_STOP_WORDS


def _is_name(word: str) -> bool:
    return any(letter.isupper() for letter in word[1:])


def _separates(word: str) -> bool:
    if len(word) < 2 or word.lower() in _SEPARATING or word.endswith("ly"):
        return True
    return bool(_NUMBER.search(word) or _ROMAN.fullmatch(word))
