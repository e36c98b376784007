"""What stands side by side in the place of items."""

from dataclasses import dataclass

from django.urls import reverse

from province.catalogue.queries.pause_requests import pause_requests_to_confirm
from province.catalogue.queries.proposals import proposals_to_answer
from province.catalogue.queries.reviews import review_queue, versions_to_mend
from province.catalogue.queries.successions import successions_to_confirm
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, may


@dataclass(frozen=True, slots=True)
class Tab:
    """``number``: how much waits there for this person."""

    label: str
    address: str
    is_here: bool
    number: int | None = None


def tabs_of(by: Actor, here: str) -> list[Tab]:
    """``here``: the name of the tab, as ``items``, ``reviews`` or ``words``."""
    items = reverse("console-items")
    tabs = [
        Tab("全部事项", items, here == "items"),
        Tab("待我审核", f"{items}?view=reviews", here == "reviews", review_queue(by).count()),
    ]
    if has_anywhere(by, "catalogue.write"):
        tabs.append(Tab("退回待修改", f"{items}?view=returned", here == "returned", versions_to_mend(by).count()))
    if has_anywhere(by, "catalogue.write") or has_anywhere(by, "catalogue.propose"):
        waiting = proposals_to_answer(by).count() if has_anywhere(by, "catalogue.write") else None
        tabs.append(Tab("事项建议", reverse("console-proposals"), here == "proposals", waiting))
    if may(by, "catalogue.publish"):
        tabs.append(
            Tab(
                "待确认的停用、合并",
                reverse("console-pauses"),
                here == "pauses",
                pause_requests_to_confirm(by).count() + successions_to_confirm(by).count(),
            )
        )
    return [
        *tabs,
        Tab("自相矛盾", reverse("console-contradictions"), here == "contradictions"),
        Tab("审核部门", reverse("console-offices"), here == "offices"),
        Tab("主管部门", reverse("console-departments"), here == "departments"),
        Tab("扩展要素", reverse("console-extra-elements"), here == "extra-elements"),
        Tab("共用材料", reverse("console-materials"), here == "materials"),
        Tab("同义词", reverse("console-words"), here == "words"),
        Tab("一件事", reverse("console-life-events"), here == "life-events"),
        Tab("一件事一次办", reverse("console-packages"), here == "packages"),
        Tab("办理特点", reverse("console-items-features"), here == "features"),
        Tab("体检", reverse("console-items-audit"), here == "audit"),
    ]
