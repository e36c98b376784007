"""The rules of the search as people edit them, what a change would do, and whether tried questions are still found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from foundation.tokenizing import plain_text
from province.catalogue.models import Item, ItemVersion, TriedQuestion, WordRule, WordRuleState
from province.catalogue.queries.search.found import FoundItem, found_items
from province.catalogue.queries.search.questions import SearchQuestion, question
from province.catalogue.queries.search.reasons import why_found
from province.catalogue.queries.search.speech import Speech, made_of, speech, vocabulary_of
from province.catalogue.queries.validity import items_valid_at

# of a result, looked at by whom it is for
_LOOKED_AT: Final = 5


@dataclass(frozen=True, slots=True)
class TrialHit:
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ChangedFirst:
    """A tried question whose first hit would be another. ``is_wrong``: the item that is meant would lose its place."""

    question: str
    wanted: str
    before: str
    after: str

    @property
    def is_wrong(self) -> bool:
        return self.before == self.wanted != self.after


@dataclass(frozen=True, slots=True)
class Trial:
    """What a question finds by the rules in force and, ``after``, with the change (None: there is none)."""

    question: str
    before: list[TrialHit]
    after: list[TrialHit] | None
    changed: list[ChangedFirst]


@dataclass(frozen=True, slots=True)
class TriedResult:
    """``place``: of the wanted item among the first five, counted from 1; 0: it is not there."""

    tried: TriedQuestion
    place: int
    first: str


@dataclass(frozen=True, slots=True)
class TriedResults:
    lines: list[TriedResult]

    @property
    def at_first(self) -> int:
        return sum(one.place == 1 for one in self.lines)

    @property
    def among_five(self) -> int:
        return sum(one.place > 0 for one in self.lines)

    @property
    def light(self) -> str:
        """Red where one is not found, yellow where one does not come first; green; none without questions."""
        if not self.lines:
            return "none"
        if self.among_five < len(self.lines):
            return "red"
        return "green" if self.at_first == len(self.lines) else "yellow"


def word_rules(*, kind: str = "", words: str = "", removed: bool = False) -> QuerySet[WordRule]:
    """Rules by a word that stands in them or in what they name, in the order in which they were made."""
    rows = WordRule.objects.filter(is_removed=removed).order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        text = Q(words__icontains=words) | Q(named__icontains=words)
        rows = rows.filter(text)
    return rows


def rule_with_id(rule_id: UUID) -> WordRule:
    found = WordRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NotFound("没有这一组。")
    return found


def has_word_rules() -> bool:
    return WordRule.objects.exists()


def states_of(rule: WordRule, most: int) -> list[WordRuleState]:
    """As it was, the newest first."""
    return list(rule.states.order_by("-revision")[:most])


def words_of_rule(rule: WordRule) -> dict[str, str]:
    """The plain words of all other rules of its kind, each with the first word of its rule."""
    others = WordRule.objects.filter(kind=rule.kind, is_removed=False).exclude(pk=rule.pk)
    return {plain_text(word): words[0] for words in others.values_list("words", flat=True) for word in words}


def names_without_item(named: Iterable[str]) -> list[str]:
    """Those that stand in the name of no item that is in force or being written."""
    versions = items_valid_at(timezone.now()).values_list("name", flat=True)
    names = [plain_text(name) for name in (*versions, *Item.objects.values_list("name", flat=True))]
    return [one for one in named if not any(plain_text(one) in name for name in names)]


def tried_questions() -> QuerySet[TriedQuestion]:
    return TriedQuestion.objects.select_related("item").order_by("id")


def tried_with_id(tried_id: UUID) -> TriedQuestion:
    found = tried_questions().filter(pk=tried_id).first()
    if found is None:
        raise NotFound("没有这个问题。")
    return found


def tried_results() -> TriedResults:
    """Where the item that is meant comes now, for every tried question: two queries, and one a question."""
    known, among = speech(), _versions()
    lines = []
    for tried in tried_questions():
        found = found_items(question(tried.question, known), version_ids=among, limit=_LOOKED_AT)
        place = next((at for at, one in enumerate(found, start=1) if one.item_id == tried.item_id), 0)
        lines.append(TriedResult(tried, place, found[0].name if found else ""))
    return TriedResults(lines)


def trial_of(
    typed: str, *, rule: WordRule | None = None, words: Sequence[str] = (), named: Sequence[str] = ()
) -> Trial:
    """What a question finds now, and what it would find if the rule (a new one has no key) had these words. Without a
    rule nothing is changed."""
    known, among = speech(), _versions()
    before = _hits(question(typed, known), among)
    if rule is None:
        return Trial(typed, before, None, [])
    changed = replace_rule(rule, words, named)
    return Trial(typed, before, _hits(question(typed, changed), among), _changed_firsts(known, changed, among))


def replace_rule(rule: WordRule, words: Sequence[str], named: Sequence[str]) -> Speech:
    """The words of all rules as they would be, if this one were changed."""
    others = list(WordRule.objects.filter(is_removed=False).exclude(pk=rule.pk).order_by("id"))
    return made_of(vocabulary_of([*others, WordRule(kind=rule.kind, words=list(words), named=list(named))]))


def _changed_firsts(known: Speech, changed: Speech, among: list[UUID]) -> list[ChangedFirst]:
    """Only questions that are read otherwise can find anything else."""
    lines = []
    for tried in tried_questions():
        now, then = question(tried.question, known), question(tried.question, changed)
        if now == then:
            continue
        before, after = (_first(found_items(one, version_ids=among, limit=1)) for one in (now, then))
        if before != after:
            lines.append(ChangedFirst(tried.question, tried.item.name, before, after))
    return lines


def _first(found: list[FoundItem]) -> str:
    return found[0].name if found else ""


def _hits(asked: SearchQuestion, among: list[UUID]) -> list[TrialHit]:
    found = found_items(asked, version_ids=among, limit=_LOOKED_AT)
    return [TrialHit(one.name, why_found(one, asked)) for one in found]


def _versions() -> list[UUID]:
    rows: QuerySet[ItemVersion] = items_valid_at(timezone.now())
    return list(rows.values_list("pk", flat=True))
