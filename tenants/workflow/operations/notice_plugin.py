"""The action that every hall has: a flow tells people of the hall something, in their bell."""

from typing import Annotated, Final, Literal

from django.db import transaction
from pydantic import BaseModel, StringConstraints

from foundation.events.outgoing import Refused
from standards.flows.plugins import ContentRight
from tenants.workflow.models import Run, RunAct
from tenants.workflow.operations.run_notices import tell_by_flow
from tenants.workflow.queries.candidates import managers_of
from tenants.workflow.slots import FlowPlugin, OutsideStep, plugin_port

_RECEIVERS: Final = {"initiator": "发起人", "doers": "办过的人", "managers": "流程管理员"}


class WantedNotice(BaseModel):
    """Whom it tells, and what. A notice never says what somebody wrote, so that the words are the designer's."""

    to: Literal["initiator", "doers", "managers"] = plugin_port("发给谁", right=ContentRight.NOTHING, words=_RECEIVERS)
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = plugin_port(
        "消息内容", right=ContentRight.NOTHING
    )


class SentNotice(BaseModel):
    told: int = plugin_port("发给了几个人", ge=0)


@transaction.atomic
def _tell(step: OutsideStep, given: WantedNotice) -> SentNotice:
    """Of one key each person is told once."""
    run = Run.objects.select_related("version__flow").filter(pk=step.run_id).first()
    if run is None:
        raise Refused("这个流程已经不在了。")
    match given.to:
        case "initiator":
            people = {run.initiator_id}
        case "doers":
            done = RunAct.objects.filter(run=run, by_id__isnull=False).values_list("by_id", flat=True)
            people = {one for one in done if one}
        case _:
            people = set(managers_of(step.hall.pk).people)
    tell_by_flow(step.hall, run, step.key, people, given.words)
    return SentNotice(told=len(people))


NOTICE_PLUGIN: Final = FlowPlugin(
    code="notice", label="发站内消息", given=WantedNotice, answered=SentNotice, call=_tell
)
