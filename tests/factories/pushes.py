"""Pushes, made by the operations themselves."""

from typing import Any

from province.content.models import ManuscriptVersion, Push
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import Audience, Scope
from province.content.states import WithdrawalKind
from tests.conftest import person
from tests.factories.manuscripts import PROVINCE, TITLE, make_approved_version

EVERYBODY = Audience((Scope(PROVINCE),))
REASON = "内容有误"


def make_push(
    *,
    title: str = TITLE,
    by: str = "zhao",
    desk_prefix: str = PROVINCE,
    audience: Audience = EVERYBODY,
    column: str = "news",
    **options: Any,
) -> Push:
    """A live push of a new approved text (with ``body`` and ``cover``), or a scheduled one: ``starts_at``."""
    text = {name: options.pop(name) for name in ("body", "cover") if name in options}
    version = make_approved_version(title=title, by=by, desk_prefix=desk_prefix, **text)
    return push_version(by=person(by), version=version, audience=audience, column=column, **options)


def withdraw(
    push: Push,
    kind: WithdrawalKind = WithdrawalKind.GONE,
    *,
    by: str = "zhao",
    reason: str = REASON,
    redirect_url: str = "/c/news/",
    substitute: ManuscriptVersion | None = None,
) -> Push:
    return withdraw_push(
        by=person(by), push=push, kind=kind, reason=reason, redirect_url=redirect_url, substitute=substitute
    )
