"""How people say things: the rules of the search, changed one at a time or as a table, and the questions it is tried
with. A change is in force in every hall at its commit: every search asks for the one generation first."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import transaction

from foundation.errors import Conflict, Fault, Invalid
from foundation.masking import masked
from foundation.rows import draw_id
from foundation.texts import line_of
from foundation.tokenizing import plain_text
from province.audit.operations import record_act
from province.catalogue.models import Item, TriedQuestion, WordGeneration, WordRule, WordRuleState
from province.catalogue.models.words import LONGEST_WORD
from province.catalogue.operations.searches import want_misses_tried
from province.catalogue.queries.search.speech import read_vocabulary
from province.catalogue.queries.words import names_without_item, rule_with_id, tried_questions, words_of_rule
from province.catalogue.states import WordKind
from province.rights.actors import Actor
from province.rights.queries import require

MOST_RULES = 5_000
MOST_WORDS = 500
MOST_NAMED = 20
MOST_TRIED = 500
LONGEST_QUESTION = 60
_LEAST_LETTERS = 2


@transaction.atomic
def seed_words(*, by: Actor) -> int:
    """Take over the words that a province begins with (``base_list/_synonyms.yaml``), as rules that can be changed.
    Returns their number; 0 where there are rules already."""
    require(by, "catalogue.publish")
    _hold()
    if WordRule.objects.exists():
        return 0
    first = read_vocabulary()
    rules = [
        *(_first(WordKind.SAYING, one.said, one.named) for one in first.groups),
        *(_first(WordKind.ALIKE, line) for line in first.alike),
        *(_first(WordKind.SILENT, line) for line in first.silent_lines),
    ]
    WordRule.objects.bulk_create(rules)
    WordRuleState.objects.bulk_create([_state(rule, by) for rule in rules])
    _renew()
    changes = {"rules": [0, len(rules)]}
    record_act(by=by, act="catalogue.seed_words", object_type="word_rules", object_id=draw_id(), changes=changes)
    return len(rules)


@transaction.atomic
def add_word_rule(*, by: Actor, kind: str, words: Sequence[str], named: Sequence[str] = ()) -> WordRule:
    """Add a rule. Raises Invalid for words that another rule has, and for names that no item has."""
    require(by, "catalogue.publish")
    # the first rule of all must not stand alone
    seed_words(by=by)
    rule = WordRule(id=draw_id(), kind=kind, revision=0)
    if WordRule.objects.filter(is_removed=False).count() >= MOST_RULES:
        raise Invalid(f"最多 {MOST_RULES:,} 组，请先删除不用的。")
    return _write(rule, by, words, named, act="catalogue.add_words")


@transaction.atomic
def change_word_rule(
    *, by: Actor, rule: WordRule, revision: int, words: Sequence[str], named: Sequence[str] = ()
) -> WordRule:
    """Change a rule that the editor saw at this revision. Raises Conflict where somebody has changed it since."""
    require(by, "catalogue.publish")
    return _write(_locked(rule, revision), by, words, named, act="catalogue.change_words")


@transaction.atomic
def remove_word_rule(*, by: Actor, rule: WordRule, revision: int) -> WordRule:
    """Take a rule out of the search; its states stay and can be restored."""
    require(by, "catalogue.publish")
    locked = _locked(rule, revision)
    if locked.is_removed:
        raise Conflict("这一组已经删除。")
    return _keep(locked, by, locked.words, locked.named, is_removed=True, act="catalogue.remove_words")


@transaction.atomic
def restore_word_rule(*, by: Actor, rule: WordRule, revision: int, to: int) -> WordRule:
    """Make the rule what it was at revision ``to``: a new state like any other, which can be undone as well."""
    require(by, "catalogue.publish")
    locked = _locked(rule, revision)
    earlier = locked.states.filter(revision=to).first()
    if earlier is None:
        raise Invalid.at("to", "没有这个版本。")
    if earlier.is_removed:
        return _keep(locked, by, earlier.words, earlier.named, is_removed=True, act="catalogue.restore_words")
    return _write(locked, by, earlier.words, earlier.named, act="catalogue.restore_words")


@transaction.atomic
def add_tried_question(*, by: Actor, question: str, item: Item) -> TriedQuestion:
    """Keep a question and the item that must be found by it; said again, it means the item that was said last."""
    require(by, "catalogue.publish")
    question = line_of(question)
    if not _LEAST_LETTERS <= len(question) <= LONGEST_QUESTION:
        raise Invalid.at("question", f"问题应为 {_LEAST_LETTERS} 到 {LONGEST_QUESTION} 个字。")
    _hold()
    if tried_questions().count() >= MOST_TRIED:
        raise Invalid.at("question", f"最多 {MOST_TRIED} 个，请先删除不用的。")
    tried, _ = TriedQuestion.objects.update_or_create(
        question=question, defaults={"item": item, "added_by_name": by.name}
    )
    _record_tried(tried, by, "catalogue.add_tried_question", [None, question])
    return tried


@transaction.atomic
def remove_tried_question(*, by: Actor, tried: TriedQuestion) -> None:
    """Try the search with this question no longer."""
    require(by, "catalogue.publish")
    _record_tried(tried, by, "catalogue.remove_tried_question", [tried.question, None])
    tried.delete()


def clean_words(words: Iterable[str]) -> list[str]:
    """Each word once, its parts parted by one space."""
    return list(dict.fromkeys(cleaned for word in words if (cleaned := " ".join(line_of(word).split()))))


def _first(kind: WordKind, words: Sequence[str], named: Sequence[str] = ()) -> WordRule:
    return WordRule(id=draw_id(), kind=kind, words=list(words), named=list(named))


def _hold() -> WordGeneration:
    """One change of the rules at a time: whether two rules say the same can be told under this lock alone."""
    WordGeneration.objects.get_or_create(id=1, defaults={"mark": uuid4()})
    return WordGeneration.objects.select_for_update().get(id=1)


def _renew() -> None:
    WordGeneration.objects.filter(id=1).update(mark=uuid4())
    want_misses_tried()


def _locked(rule: WordRule, revision: int) -> WordRule:
    _hold()
    locked = rule_with_id(rule.pk)
    if locked.revision != revision:
        last = locked.states.get(revision=locked.revision)
        raise Conflict(f"这一组刚刚由{masked(last.by_name)}改过，您的改动没有保存。请看过现在的内容再改。")
    return locked


def _write(rule: WordRule, by: Actor, words: Iterable[str], named: Iterable[str], *, act: str) -> WordRule:
    words, named = clean_words(words), clean_words(named)
    if faults := _faults(rule, words, named):
        raise Invalid.of(faults)
    return _keep(rule, by, words, named, is_removed=False, act=act)


def _keep(rule: WordRule, by: Actor, words: list[str], named: list[str], *, is_removed: bool, act: str) -> WordRule:
    before = {"words": "、".join(rule.words or []), "named": "、".join(rule.named)}
    rule.words, rule.named, rule.is_removed = words, named, is_removed
    rule.revision += 1
    rule.save()
    _state(rule, by).save()
    _renew()
    after = {"words": "、".join(words), "named": "、".join(named)}
    record_act(
        by=by,
        act=act,
        object_type="word_rule",
        object_id=rule.pk,
        changes={name: [before[name], after[name]] for name in after if before[name] != after[name]},
    )
    return rule


def _state(rule: WordRule, by: Actor) -> WordRuleState:
    return WordRuleState(
        rule_id=rule.pk,
        revision=rule.revision,
        words=rule.words,
        named=rule.named,
        is_removed=rule.is_removed,
        by_name=by.name,
    )


def _faults(rule: WordRule, words: list[str], named: list[str]) -> list[Fault]:
    if rule.kind not in WordKind:
        return [Fault("kind", "请选择是哪一种。")]
    faults = []
    least = 2 if rule.kind == WordKind.ALIKE else 1
    if not least <= len(words) <= MOST_WORDS:
        faults.append(Fault("words", f"请填写 {least} 到 {MOST_WORDS} 个词。"))
    if too_long := [word for word in words if len(word) > LONGEST_WORD]:
        faults.append(Fault("words", f"“{too_long[0][:10]}…”太长，一个词最多 {LONGEST_WORD} 个字。"))
    if rule.kind == WordKind.SAYING:
        if short := [word for word in words if len(word.replace(" ", "")) < _LEAST_LETTERS]:
            faults.append(Fault("words", f"“{short[0]}”太短，一种说法至少 {_LEAST_LETTERS} 个字。"))
        if not 0 < len(named) <= MOST_NAMED:
            faults.append(Fault("named", f"请填写 1 到 {MOST_NAMED} 个事项名称。"))
        if unknown := names_without_item(named):
            faults.append(Fault("named", f"没有名称里有“{unknown[0]}”的事项。"))
    taken = words_of_rule(rule)
    if twice := [word for word in words if plain_text(word) in taken]:
        faults.append(Fault("words", f"“{twice[0]}”已在另一组“{taken[plain_text(twice[0])]}”里，请在那一组改。"))
    return faults


def _record_tried(tried: TriedQuestion, by: Actor, act: str, question: list[str | None]) -> None:
    record_act(by=by, act=act, object_type="tried_question", object_id=tried.pk, changes={"question": question})
