"""Who speaks in each sentence of a text, by the fullest name that the text has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from service.speech.clauses import Clauses, cut
from service.speech.mentions import Mention, chain_start, is_name_word, name_at
from service.speech.nearby import subject_of
from service.speech.phrases import Report
from service.speech.reporting import reports
from service.speech.words import BODIES, COUNTS, OPENER_PLURALS, ORDINARY, TITLES
from service.writers.words import content_terms

_RECENT = 2
_MOST = 0.5
_WHOLLY = 0.8
_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r" (?:of|for|at|from|in|with|who) ")
_MIN_STEM = 4


@dataclass(frozen=True)
class Said:
    """A sentence with its reports and who speaks in each, fully named."""

    clauses: Clauses
    reports: tuple[Report, ...] = ()
    names: tuple[str | None, ...] = ()
    speaker: str | None = None

    def best(self, terms: frozenset[str]) -> str | None:
        """Return who says the part of the sentence that has most of some words."""
        if not self.reports:
            return self.speaker
        text = self.clauses.text
        shares = [len(terms & terms_of(text[r.start : r.end])) for r in self.reports]
        top = max(range(len(shares)), key=lambda n: (shares[n], -n))
        report = self.reports[top]
        outside = terms & terms_of(text[: report.start] + " " + text[report.end :])
        if self.speaker and shares[top] == len(terms & terms_of(text)) and report.is_main:
            same = self.names.count(self.speaker) and shares[self.names.index(self.speaker)]
            return self.speaker if same == shares[top] else self.names[top]
        return self.names[top] if shares[top] > len(outside) else None


@lru_cache(maxsize=1024)
def terms_of(text: str) -> frozenset[str]:
    """Return the words that say what a text is about."""
    return frozenset(content_terms(text))


@lru_cache(maxsize=1024)
def _reports(sentence: str, in_quotation: bool) -> tuple[Clauses, tuple[Report, ...]]:
    clauses = cut(sentence, in_quotation)
    return clauses, tuple(reports(clauses))


@dataclass
class Thread:
    """What is known of the people of a text so far.

    Attributes:
        roles: By full name, the words that came with it.
        described: Descriptions that introduced somebody, in order.
        last: Who spoke last; `silence` counts the sentences since.
        subject: Who the last sentence is about.
        genders: Pronouns that stood for somebody.
        spoken: Who has spoken.
        near: The full names in the sentence at hand; `prior` has those of the one before.
    """

    roles: dict[str, set[str]] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)
    last: str | None = None
    silence: int = 0
    subject: str | None = None
    genders: dict[str, str] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    prior: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)

    def read(self, sentences: Sequence[str]) -> list[Said]:
        """Return each sentence with who speaks in it."""
        read: list[Said] = []
        in_quotation = False
        waiting: list[int] = []
        for sentence in sentences:
            clauses, found = _reports(sentence, in_quotation)
            self._meet(clauses)
            said = self._said(clauses, found)
            read.append(said)
            # The speaker of a quotation of several sentences may be told only at its end.
            if said.speaker and waiting:
                for n in waiting:
                    read[n] = Said(read[n].clauses, (), (), said.speaker)
                waiting = []
            elif clauses.leaves_open and not said.speaker:
                waiting.append(len(read) - 1)
            elif not clauses.leaves_open:
                waiting = []
            in_quotation = clauses.leaves_open
        return read

    def _said(self, clauses: Clauses, found: tuple[Report, ...]) -> Said:
        names = tuple(self._resolved(report.speaker) for report in found)
        speaker = _main(clauses, found, names)
        wholly = clauses.quoted > _WHOLLY * len(clauses.text.strip())
        if not found and wholly and self.silence == 0:
            speaker = self.last
        for report, name in zip(found, names, strict=True):
            told = _gender(clauses, report)
            if name and told:
                self.genders.setdefault(name, told)
        subject = subject_of(clauses)
        is_headline = clauses.tokens[-1:] and clauses.tokens[-1].is_word
        is_named = subject is not None and subject.kind == "name" and not is_headline
        self.subject = self._resolved(subject) if subject and is_named else None
        if speaker:
            self.last, self.silence = speaker, 0
            self.spoken.add(speaker)
        else:
            self.silence += 1
        return Said(clauses, found, names, speaker)

    def _meet(self, clauses: Clauses) -> None:
        """Remember the full names of a sentence and what stands before them."""
        tokens, at = clauses.tokens, len(clauses.tokens)
        self.prior, self.near = self.near, set()
        while at > 0:
            start = chain_start(tokens, at, 0) if is_name_word(tokens[at - 1]) else at
            if start < at:
                name = name_at(clauses, start, at)
                if name and name.kind == "name" and " " in name.text:
                    self.roles.setdefault(name.text, set()).update(name.role)
                    self.near.add(name.text)
            at = min(start, at - 1)

    def full(self, name: str) -> str:
        """Return the one longer name that ends in a name, or else the name."""
        longer = {known for known in self.roles if known.endswith(f" {name}")}
        return longer.pop() if len(longer) == 1 else name

    def _resolved(self, mention: Mention) -> str | None:
        if mention.kind == "pronoun":
            return self.meant(mention.text)
        if mention.kind == "name":
            return " and ".join(self.full(name) for name in mention.text.split(" and "))
        return self._known_description(mention)

    def meant(self, pronoun: str) -> str | None:
        """Return whom a pronoun stands for; None where more than one may be meant."""
        if self.silence == 0:
            return self.last if self.last and self._fits(self.last, pronoun) else None
        if self.subject and self._fits(self.subject, pronoun):
            return self.subject
        # A description, or somebody beside whom another was named since, is too far away.
        last = self.last if self.silence < _RECENT else None
        is_clear = last in self.roles and self.prior <= {last}
        return last if last and is_clear and self._fits(last, pronoun) else None

    def _fits(self, speaker: str, pronoun: str) -> bool:
        is_plural = " and " in speaker or speaker.split()[0] in COUNTS | OPENER_PLURALS
        if pronoun == "they" or is_plural:
            return pronoun == "they" and is_plural
        gender = self.genders.get(speaker)
        if gender:
            return gender == pronoun
        is_body = speaker.isupper() or not words_of(speaker).isdisjoint(BODIES)
        if pronoun == "it":
            return is_body or speaker not in self.roles
        # A single word may name a person or a firm: only who has spoken is taken for a person.
        return not is_body and (speaker in self.roles or speaker in self.spoken)

    def _known_body(self, text: str) -> str | None:
        """Return the one known name that has a body in it, such as "the secretariat"."""
        if text not in BODIES:
            return None
        known = [name for name in self.roles if text.capitalize() in name.split()]
        return known[0] if len(known) == 1 else None

    def _known_description(self, mention: Mention) -> str | None:
        if not mention.definite:
            self.described.append(mention.text)
            return mention.text
        wanted = words_of(mention.text)
        for name, role in reversed(self.roles.items()):
            if not wanted.isdisjoint(TITLES) and all(
                any(_same_word(word, other) for other in role) for word in wanted
            ):
                return name
        body = self._known_body(mention.text)
        if body:
            return body
        for one in reversed(self.described):
            # "The official" is the one of the council; "the council" is not its official.
            if wanted <= words_of(_LINK.split(one, maxsplit=1)[0]):
                return one
        speaker_near = self.last if self.silence < _RECENT else None
        if mention.text in ORDINARY and speaker_near in self.roles:
            return speaker_near
        self.described.append(mention.text)
        return mention.text


def _gender(clauses: Clauses, report: Report) -> str | None:
    """Return the pronoun of a speaker; in "Lena Dahl said she", that is "she"."""
    if report.speaker.kind == "pronoun":
        return report.speaker.text
    following = clauses.tokens[report.speaker.end + 1 : report.speaker.end + 2]
    return following[0].low if following and following[0].low in ("he", "she") else None


def _same_word(one: str, other: str) -> bool:
    """Whether two words name the same, as "Iranian" and "Iran's" do."""
    return one == other or (len(one) > _MIN_STEM and one[:_MIN_STEM] == other[:_MIN_STEM])


def _main(clauses: Clauses, found: tuple[Report, ...], names: tuple[str | None, ...]) -> str | None:
    """Return who says what the sentence as a whole says."""
    candidates = [
        (report, name)
        for report, name in zip(found, names, strict=True)
        if report.is_main and report.end - report.start >= _MOST * len(clauses.text)
    ]
    if not candidates:
        return None
    first, last = candidates[0], candidates[-1]
    return last[1] if last[0].is_last and not first[0].is_last else first[1]


def words_of(text: str) -> set[str]:
    """Return the words of a text in lower case."""
    return {word.casefold() for word in _WORD.findall(text)}
