"""An action outside as an app would state it: a counter that takes money, asked over HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from foundation.events.outgoing import Failed, post_message
from standards.flows.plugins import ContentRight
from tenants.workflow.slots import FLOW_PLUGINS, EffectPer, FlowPlugin, OutsideStep, plugin_port


class Bill(BaseModel):
    amount: Decimal = plugin_port("金额", gt=0)
    subject: str = plugin_port("事由", default="费用", max_length=20)
    payer: str | None = plugin_port("缴款人", default=None, right=ContentRight.PERSONAL)
    place: Literal["window", "web"] = plugin_port("渠道", default="web", words={"window": "窗口", "web": "网上"})


class Receipt(BaseModel):
    number: str = plugin_port("缴款单号", min_length=3, max_length=40)
    paid: Decimal = plugin_port("实缴", ge=0)
    way: Literal["cash", "card"] = plugin_port("方式", default="cash", words={"cash": "现金", "card": "刷卡"})


def counter(url: str, *, attempts: int = 3, one_effect: EffectPer = EffectPer.VISIT) -> FlowPlugin[Bill, Receipt]:
    """``url``: of the other side (tests.channel_server)."""

    def ask(step: OutsideStep, bill: Bill) -> Receipt:
        body = json.dumps({"amount": str(bill.amount), "subject": bill.subject, "payer": bill.payer}).encode()
        answer = post_message(url, headers={"Idempotency-Key": str(step.key)}, body=body)
        said = answer.json_object
        if said is None:
            raise Failed("对方答复的不是约定的内容。")
        return Receipt.model_validate(said)

    return FlowPlugin("pay", "缴费", Bill, Receipt, ask, attempts=attempts, one_effect=one_effect)


@contextmanager
def offered(*plugins: FlowPlugin[Any, Any]) -> Iterator[None]:
    """These are there besides those of the apps, and instead of those of the same codes."""
    known, codes = FLOW_PLUGINS.entries(), {one.code for one in plugins}
    others = [one for one in known if one.code not in codes]
    FLOW_PLUGINS.fill([("workflow", one) for one in [*others, *plugins]])
    try:
        yield
    finally:
        FLOW_PLUGINS.fill([("workflow", one) for one in known])
