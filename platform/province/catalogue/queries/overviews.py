"""An item at a glance: its state, and what the person who looks at it may do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from province.catalogue.models import Item, ItemVersion, Office
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.designs import design_faults, drafted_design, has_drafted_other
from province.catalogue.queries.desks import sees_draft
from province.catalogue.queries.items import versions_of
from province.catalogue.queries.reviews import open_offices, why_not_review
from province.catalogue.states import ENDED, OPEN_REVIEWS, ItemLife, VersionState
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.codes import family_under, type_under
from standards.items.contradictions import Contradiction


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done now, in words. ``act`` names the button of the page that does it (edit, fill, submit, review,
    publish); it is empty where there is nothing for this person."""

    words: str
    act: str = ""


@dataclass(frozen=True)
class ItemOverview:
    """The state of an item. ``versions`` are those in sight, the latest first."""

    by: Actor
    item: Item
    versions: tuple[ItemVersion, ...]

    @cached_property
    def latest(self) -> ItemVersion | None:
        return self.versions[0] if self.versions else None

    @cached_property
    def valid(self) -> ItemVersion | None:
        """The version in force by its time, also of an item that is suspended or abolished."""
        now = timezone.now()
        return next((one for one in self._published if one.valid_from and one.valid_from <= now), None)

    @cached_property
    def coming(self) -> ItemVersion | None:
        """The last published version whose day has not come."""
        now = timezone.now()
        return next((one for one in self._published if one.valid_from and one.valid_from > now), None)

    @cached_property
    def ending(self) -> ItemVersion | None:
        """The last published version, where it names the day on which the item ends."""
        last = self._published[0] if self._published and self._is_alive else None
        return last if last is not None and last.ends_on is not None else None

    @cached_property
    def has_draft(self) -> bool:
        """Whether there is a draft in sight that no version says already."""
        if not sees_draft(self.by, self.item):
            return False
        latest = self.latest
        return latest is None or latest.values != self.item.values or has_drafted_other(self.item, latest)

    @cached_property
    def sees_draft(self) -> bool:
        return sees_draft(self.by, self.item)

    @cached_property
    def lacks(self) -> list[str]:
        """What keeps the draft from being submitted, in sentences."""
        found = design_faults(self.item, drafted_design(self.item))
        return [*self._lacks(self.item.values), *(fault.message for fault in found)]

    @property
    def lacking(self) -> int:
        """How many places of the draft these are."""
        return len(self.lacks)

    @cached_property
    def valid_lacks(self) -> list[str]:
        """What the version in force lacks: as long as that is so, citizens read no guide of the item."""
        return self._lacks(self.valid.values) if self.valid else []

    @property
    def may_edit(self) -> bool:
        return self._is_alive and self._may("catalogue.write")

    @property
    def may_submit(self) -> bool:
        if not (self._is_alive and self._may("catalogue.submit")) or self.lacking or self.contradictions:
            return False
        latest = self.latest
        if latest is None or latest.state == VersionState.RECALLED:
            return True
        return latest.state not in OPEN_REVIEWS and (self.has_draft or bool(latest.sample_note))

    @cached_property
    def offices(self) -> list[Office]:
        """The offices for which this person decides on the latest version now."""
        if self.latest is None or why_not_review(self.by, self.latest):
            return []
        return [one for one in open_offices(self.latest) if may(self.by, "catalogue.review", unit_id=one.unit_id)]

    @property
    def may_publish(self) -> bool:
        return self._is_alive and may(self.by, "catalogue.publish")

    @property
    def may_recall(self) -> bool:
        return self.latest is not None and self.latest.state in OPEN_REVIEWS and self._may("catalogue.submit")

    @property
    def may_suspend(self) -> bool:
        return self.item.state == ItemLife.ACTIVE and self.valid is not None and may(self.by, "catalogue.publish")

    @property
    def may_resume(self) -> bool:
        needed = {ItemLife.SUSPENDED: "catalogue.publish", ItemLife.ABOLISHED: "catalogue.abolish"}
        permission = needed.get(ItemLife(self.item.state))
        return permission is not None and may(self.by, permission)

    @property
    def may_abolish(self) -> bool:
        return self._is_alive and may(self.by, "catalogue.abolish")

    @cached_property
    def next(self) -> NextStep:
        if self.item.state == ItemLife.SUCCEEDED:
            return NextStep("已由别的事项承接，旧编码和旧网址都指向那里。")
        if not self._is_alive:
            return NextStep("已废止，所有服务厅都不再显示。")
        latest = self.latest
        if latest is not None and latest.state in OPEN_REVIEWS:
            return self._while_under_review(latest)
        if latest is not None and latest.state == VersionState.APPROVED:
            words = f"{latest.called}审核已全部通过"
            if self.may_publish:
                return NextStep(f"{words}，请确定公布的时间。", "publish")
            return NextStep(f"{words}，等待公布。")
        return self._with_draft(latest)

    def _while_under_review(self, latest: ItemVersion) -> NextStep:
        if self.offices:
            names = "、".join(one.name for one in self.offices)
            return NextStep(f"{latest.called}等您代表{names}审核。", "review")
        names = "、".join(one.name for one in open_offices(latest))
        why = why_not_review(self.by, latest) if may(self.by, "catalogue.review") else ""
        return NextStep(f"{latest.called}正在等{names}审核。{why}")

    def _without_draft(self, latest: ItemVersion | None) -> NextStep:
        if latest is not None and latest.sample_note and self.sees_draft:
            words = f"还有 {self.lacking} 处要补充，补齐" if self.lacking else "请逐项核对"
            return NextStep(f"现行版是基础清单的样例，{words}后报送审核。", "edit" if self.may_edit else "")
        if self.coming is not None:
            day = timezone.localtime(self.coming.valid_from)
            return NextStep(f"{self.coming.called}将于 {day:%Y年%-m月%-d日 %H:%M} 起施行。")
        if self.valid is None:
            return NextStep("没有要处理的。")
        if self.item.state == ItemLife.SUSPENDED:
            return NextStep(f"现在暂停使用，恢复后各服务厅照常显示{self.valid.called}。")
        return NextStep("现行版正在施行，没有要处理的。")

    def _with_draft(self, latest: ItemVersion | None) -> NextStep:
        is_returned = latest is not None and latest.state == VersionState.RETURNED
        is_recalled = latest is not None and latest.state == VersionState.RECALLED
        if not (is_returned or is_recalled or self.has_draft):
            return self._without_draft(latest)
        begun = "草稿有新的修改" if latest else "草稿"
        if latest is not None and is_returned:
            begun = f"{latest.called}已退回"
        elif latest is not None and is_recalled:
            begun = f"{latest.called}已撤回"
        if self.contradictions and self.may_edit:
            return NextStep(f"{begun}，有 {len(self.contradictions)} 处自相矛盾，改好后才能报送。", "edit")
        if self.lacking and self.may_edit:
            return NextStep(f"{begun}，还有 {self.lacking} 处要补充，补齐后才能报送。", "edit")
        if is_returned and not self.has_draft:
            return NextStep(f"{begun}，请按退回的原因修改，再重新报送。", "edit" if self.may_edit else "")
        if self.may_submit:
            return NextStep(f"{begun}，内容已齐，可以报送审核。", "submit")
        return NextStep(f"{begun}，还没有报送。")

    def _lacks(self, values: Mapping[str, Any]) -> list[str]:
        item_type = type_under(self.item.item_type, self.item.basic_code, str(values.get("basic_code", "")))
        found = check_item(family=family_under(self.item.family, item_type), item_type=item_type, values=values)
        return [fault.message for fault in (*found.province.faults, *found.province.missing)]

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """What the draft says against itself, which keeps it from being submitted, too."""
        item = self.item
        found = check_item(family=item.drafted_family, item_type=item.drafted_type, values=item.values)
        return found.contradictions

    @property
    def _is_alive(self) -> bool:
        return self.item.state not in ENDED

    @property
    def _published(self) -> list[ItemVersion]:
        rows = [one for one in self.versions if one.state == VersionState.PUBLISHED]
        return sorted(rows, key=lambda one: one.valid_from or one.created_at, reverse=True)

    def _may(self, permission: str) -> bool:
        return may(self.by, permission, unit_id=self.item.department.unit_id)


def overview_of(by: Actor, item: Item) -> ItemOverview:
    return ItemOverview(by, item, tuple(versions_of(by, item)))


def in_force_before(version: ItemVersion) -> ItemVersion | None:
    """The version that this one replaces, or replaced."""
    published = version.item.versions.filter(state=VersionState.PUBLISHED, number__lt=version.number)
    return published.order_by("-number").first()
