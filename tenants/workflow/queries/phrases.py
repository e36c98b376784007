"""常用语 that somebody is offered when they write an opinion."""

from typing import Final

from province.rights.actors import Actor
from standards.flows.nodes import StepNode
from tenants.workflow.models import OpinionPhrases

# for who has none of their own, at a step that has none
_USUAL: Final = ("同意。", "同意，请按程序办理。", "请补充材料后再报。", "不同意。", "已阅。")


def own_phrases(by: Actor) -> list[str]:
    """The person's own in this hall, in their order."""
    found = OpinionPhrases.objects.filter(account_id=by.id).values_list("texts", flat=True).first() if by.id else None
    return list(found or [])


def phrases_at(by: Actor, step: StepNode | None) -> list[str]:
    """Those of the step, then the person's own; where there are neither, some that everybody uses. One query."""
    found = [*(step.phrases if step else ()), *own_phrases(by)]
    return list(dict.fromkeys(found)) or list(_USUAL)
