"""How citizens say things, and the questions that the search must go on finding."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import WordRule, WordRuleState
from province.catalogue.operations.word_tables import WordsReport, import_words
from province.catalogue.operations.words import (
    add_tried_question,
    add_word_rule,
    change_word_rule,
    remove_tried_question,
    remove_word_rule,
    restore_word_rule,
    seed_words,
)
from province.catalogue.queries.desks import check_reader, item_at_desk
from province.catalogue.queries.words import rule_with_id, states_of, tried_results, tried_with_id, word_rules
from province.catalogue.schemas.words import (
    RestoreIn,
    RevisionIn,
    SeededOut,
    TriedQuestionIn,
    TriedQuestionOut,
    WordChangeIn,
    WordRuleIn,
    WordRuleOut,
    WordsReportOut,
    WordStateOut,
)
from province.catalogue.states import WordKind
from province.rights.actors import Actor

router = Router(tags=["search words"])

_MOST_STATES = 100


def _actor(request: HttpRequest) -> Actor:
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


@router.get("/words", response=Page[WordRuleOut])
def list_words(request: HttpRequest, page: PageParameters, kind: WordKind | None = None, q: str = "") -> dict[str, Any]:
    _actor(request)
    return page_of(word_rules(kind=kind or "", words=q), page)


@router.post("/words", response={201: WordRuleOut})
@idempotent
def add_words(request: HttpRequest, data: WordRuleIn) -> tuple[int, WordRuleOut]:
    """Add a rule; in force in all halls at once."""
    made = add_word_rule(by=_actor(request), kind=data.kind, words=data.words, named=data.named)
    return 201, WordRuleOut.from_orm(made)


@router.post("/words/seed", response=SeededOut)
@idempotent
def seed(request: HttpRequest) -> tuple[int, SeededOut]:
    """Take over the words that a province begins with; does nothing where there are rules."""
    return 200, SeededOut(rules=seed_words(by=_actor(request)))


@router.post("/words/import/preview", response=WordsReportOut)
def preview_table(request: HttpRequest, file: File[UploadedFile]) -> WordsReportOut:
    """Say what an Excel table would change."""
    return _report(import_words(by=_actor(request), file=file, is_trial=True))


@router.post("/words/import", response=WordsReportOut)
def import_table(request: HttpRequest, file: File[UploadedFile]) -> WordsReportOut:
    """Take in an Excel table: what it exported, changed."""
    return _report(import_words(by=_actor(request), file=file, is_trial=False))


def _report(report: WordsReport) -> WordsReportOut:
    faults = [f"{fault.where}：{fault.message}" for fault in report.faults]
    return WordsReportOut(added=report.added, changed=report.changed, unchanged=report.unchanged, faults=faults)


@router.put("/words/{uuid:rule_id}", response=WordRuleOut)
@idempotent
def change_words(request: HttpRequest, rule_id: UUID, data: WordChangeIn) -> tuple[int, WordRuleOut]:
    by = _actor(request)
    changed = change_word_rule(by=by, rule=rule_with_id(rule_id), **data.model_dump())
    return 200, WordRuleOut.from_orm(changed)


@router.post("/words/{uuid:rule_id}/remove", response=WordRuleOut)
@idempotent
def remove_words(request: HttpRequest, rule_id: UUID, data: RevisionIn) -> tuple[int, WordRuleOut]:
    by = _actor(request)
    return 200, WordRuleOut.from_orm(remove_word_rule(by=by, rule=rule_with_id(rule_id), revision=data.revision))


@router.post("/words/{uuid:rule_id}/restore", response=WordRuleOut)
@idempotent
def restore_words(request: HttpRequest, rule_id: UUID, data: RestoreIn) -> tuple[int, WordRuleOut]:
    by = _actor(request)
    rule: WordRule = restore_word_rule(by=by, rule=rule_with_id(rule_id), **data.model_dump())
    return 200, WordRuleOut.from_orm(rule)


@router.get("/words/{uuid:rule_id}/states", response=list[WordStateOut])
def list_states(request: HttpRequest, rule_id: UUID) -> list[WordRuleState]:
    _actor(request)
    return states_of(rule_with_id(rule_id), _MOST_STATES)


@router.get("/tried-questions", response=list[TriedQuestionOut])
def list_tried(request: HttpRequest) -> list[TriedQuestionOut]:
    """List the questions, each with the place at which its item is found now."""
    _actor(request)
    return [
        TriedQuestionOut(
            id=one.tried.pk,
            question=one.tried.question,
            item_id=one.tried.item_id,
            place=one.place,
            first=one.first,
        )
        for one in tried_results().lines
    ]


@router.post("/tried-questions", response={201: TriedQuestionIn})
@idempotent
def add_tried(request: HttpRequest, data: TriedQuestionIn) -> tuple[int, TriedQuestionIn]:
    by = _actor(request)
    made = add_tried_question(by=by, question=data.question, item=item_at_desk(by, data.item_id))
    return 201, TriedQuestionIn(question=made.question, item_id=made.item_id)


@router.delete("/tried-questions/{uuid:tried_id}", response={204: None})
@idempotent
def remove_tried(request: HttpRequest, tried_id: UUID) -> tuple[int, None]:
    remove_tried_question(by=_actor(request), tried=tried_with_id(tried_id))
    return 204, None
