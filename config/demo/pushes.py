"""Manuscripts in every state of review, and pushes in every state."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.demo.halls import editor_of, halls_of_kind
from config.demo.people import COUNTY_CODE, actor_called
from config.demo.texts import Text, texts_of
from config.machine.progress import Step
from foundation import schemas
from province.content.models import Manuscript, ManuscriptVersion, Push
from province.content.operations import (
    create_manuscript,
    pass_review,
    return_version,
    submit_manuscript,
)
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import audience_of_codes
from province.content.states import PushMode, WithdrawalKind
from province.halls.models import HallKind
from province.rights.actors import Actor
from tenants.portal.operations.decisions import adopt_push, decline_push

_COUNTY_DESK = "420582"
# what the province says to all, its own portal shows, too
_PROVINCE = f"{settings.PROVINCE_CODE:0<12}"


def write_manuscripts(step: Step) -> None:
    """Write the manuscripts of the province's and the county's desk, and push what has passed, each in one transaction:
    a demo that was killed goes on with the next."""
    for text in texts_of("manuscripts"):
        step.say(text.title)
        desk = text.facts.get("desk", _COUNTY_DESK)
        if Manuscript.objects.filter(title=text.title, desk_prefix=desk).exists():
            continue
        with transaction.atomic():
            _ENDS[text.facts["key"]](text, _write(text, desk))


def decide_offers() -> None:
    """Let one township adopt what was offered to all, and its neighbour decline it."""
    offered = Push.objects.get(mode=PushMode.OFFERED)
    first, second, *_ = halls_of_kind(HallKind.TOWNSHIP)
    with schemas.enter(first.schema_name):
        adopt_push(by=actor_called(editor_of(first).username), hall=first, push_id=offered.id, column="news")
    with schemas.enter(second.schema_name):
        decline_push(
            by=actor_called(editor_of(second).username),
            hall=second,
            push_id=offered.id,
            reason="本街道没有柑橘种植，内容与辖区群众关系不大。",
        )


def _write(text: Text, desk: str) -> Manuscript:
    return create_manuscript(
        by=actor_called("zhao" if desk == "42" else "sun"),
        desk_prefix=desk,
        title=text.title,
        body=text.body,
        keywords=text.keywords,
        **text.wording,  # type: ignore[arg-type]  # source and summary are texts
    )


def _approved(manuscript: Manuscript) -> ManuscriptVersion:
    """Three reviews by three people."""
    version = submit_manuscript(by=_author(manuscript), manuscript=manuscript)
    reviewers = ("li", "wang", "zheng") if manuscript.desk_prefix == _COUNTY_DESK else ("gao", "tang", "fan")
    for reviewer in reviewers:
        version = pass_review(by=actor_called(reviewer), version=version)
    return version


def _author(manuscript: Manuscript) -> Actor:
    return actor_called("sun" if manuscript.desk_prefix == _COUNTY_DESK else "zhao")


def _push_to_all(text: Text, manuscript: Manuscript) -> Push:
    return push_version(
        by=_author(manuscript),
        version=_approved(manuscript),
        audience=audience_of_codes([COUNTY_CODE if manuscript.desk_prefix == _COUNTY_DESK else _PROVINCE]),
        column=text.facts["column"],
        is_pinned=text.facts["key"] == "winter",
    )


def _push_to_villages(text: Text, manuscript: Manuscript) -> None:
    push_version(
        by=_author(manuscript),
        version=_approved(manuscript),
        audience=audience_of_codes([COUNTY_CODE], kinds=[HallKind.VILLAGE]),
        column=text.facts["column"],
    )


def _push_and_withdraw(text: Text, manuscript: Manuscript) -> None:
    push = _push_to_all(text, manuscript)
    withdraw_push(
        by=_author(manuscript),
        push=push,
        kind=WithdrawalKind.NOTICE,
        reason="文中核实电话的服务时间有变动，12333 夜间改为语音留言。更正后的内容将重新发布，请勿继续转发本文。",
    )


def _schedule(text: Text, manuscript: Manuscript) -> None:
    push_version(
        by=_author(manuscript),
        version=_approved(manuscript),
        audience=audience_of_codes([COUNTY_CODE], kinds=[HallKind.COUNTY, HallKind.TOWNSHIP]),
        column=text.facts["column"],
        starts_at=timezone.now() + timedelta(days=3),
        expires_at=timezone.now() + timedelta(days=60),
    )


def _offer(text: Text, manuscript: Manuscript) -> None:
    push_version(
        by=_author(manuscript),
        version=_approved(manuscript),
        audience=audience_of_codes([COUNTY_CODE], kinds=[HallKind.TOWNSHIP, HallKind.VILLAGE]),
        column=text.facts["column"],
        mode=PushMode.OFFERED,
    )


def _await_last_review(_text: Text, manuscript: Manuscript) -> None:
    version = submit_manuscript(by=_author(manuscript), manuscript=manuscript)
    for reviewer in ("li", "wang"):
        version = pass_review(by=actor_called(reviewer), version=version)


def _await_first_review(_text: Text, manuscript: Manuscript) -> None:
    submit_manuscript(by=_author(manuscript), manuscript=manuscript)


def _return(_text: Text, manuscript: Manuscript) -> None:
    version = submit_manuscript(by=_author(manuscript), manuscript=manuscript)
    return_version(by=actor_called("li"), version=version, reason="气量分档缺少依据，请附上测算说明后重新提交。")


def _leave_draft(_text: Text, _manuscript: Manuscript) -> None:
    """As it is."""


_ENDS: dict[str, Callable[[Text, Manuscript], object]] = {
    "winter": _push_to_all,
    "village_finance": _push_to_villages,
    "fraud": _push_and_withdraw,
    "province_news": _push_to_all,
    "wages": _schedule,
    "orange": _offer,
    "army": _await_last_review,
    "bus": _await_first_review,
    "gas": _return,
    "ticket": _leave_draft,
}
