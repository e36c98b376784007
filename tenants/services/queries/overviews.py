"""An item of this hall at a glance: its state, and what the person who looks at it may do next."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_values
from province.catalogue.queries.differences import ElementDifference, difference
from province.catalogue.queries.overviews import NextStep
from province.catalogue.states import AdoptionState, HallGuideState
from province.rights.queries import may
from standards.items import Findings
from standards.items.contradictions import Contradiction
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.queries.access import fills_in
from tenants.services.queries.desk import accepted_version, hall_guides_of, newer_version
from tenants.services.queries.hall_guides import version_to_fill, why_not_decide
from tenants.services.queries.prefill import findings_of
from tenants.services.queries.shown import ShownItem, shown_item
from tenants.services.queries.windows import window_oppositions
from tenants.shell.slots import Desk


@dataclass(frozen=True)
class AdoptionOverview:
    """``accepted``: the item's version that the hall has accepted; ``draft_for``: the version for which its draft is
    written, that one or a newer one; ``hall_guides``: what was submitted, the latest first."""

    desk: Desk
    adoption: Adoption
    accepted: ItemVersion
    draft_for: ItemVersion
    newer: ItemVersion | None
    hall_guides: tuple[HallGuideVersion, ...]

    @cached_property
    def shown(self) -> ShownItem | None:
        """What citizens read now."""
        try:
            return shown_item(self.adoption.item_id)
        except NotFound:
            return None

    @cached_property
    def findings(self) -> Findings:
        """What the draft lacks, and the province's part beside it."""
        return findings_of(self.draft_for, self.adoption.values)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the hall has to add or to change, in sentences."""
        part = self.findings.hall
        return tuple(fault.message for fault in (*part.faults, *part.missing))

    @property
    def lacking(self) -> int:
        return len(self.lacks)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """What the draft says against itself, which keeps it from being submitted, too."""
        return self.findings.contradictions if self.has_draft else ()

    @cached_property
    def read_contradictions(self) -> tuple[Contradiction, ...]:
        """What citizens read that says one thing against another."""
        if not self.shown or not self.adoption.contradictions:
            return ()
        guide = self.adoption.published
        windows = window_oppositions(self.desk.hall, guide.values) if guide else ()
        return (*self.shown.findings.contradictions, *windows)

    @property
    def province_lacks(self) -> tuple[str, ...]:
        """What is for the province to add: as long as that is missing, citizens read no guide."""
        part = self.findings.province
        return tuple(fault.message for fault in (*part.faults, *part.missing))

    @cached_property
    def waiting(self) -> HallGuideVersion | None:
        """The guide that waits for a decision."""
        return (
            self.hall_guides[0] if self.hall_guides and self.adoption.guide_state == HallGuideState.SUBMITTED else None
        )

    @cached_property
    def guides_called(self) -> list[HallGuideVersion]:
        """The guides that were submitted, each with ``version_called``: the item's version for which it was written."""
        versions = ItemVersion.objects.only("number", "public_number", "item_id")
        known = versions.in_bulk({one.item_version_id for one in self.hall_guides})
        for one in self.hall_guides:
            version = known.get(one.item_version_id)
            one.version_called = version.called if version else "—"  # type: ignore[attr-defined]
        return list(self.hall_guides)

    @cached_property
    def changes(self) -> list[ElementDifference]:
        """What that guide changes in the published one."""
        if self.waiting is None or self.adoption.published is None:
            return []
        return difference(self.adoption.published.values, self.waiting.values)

    @cached_property
    def why_not(self) -> str:
        """Why this person may not decide on it; "" where they may."""
        return why_not_decide(self.desk.by, self.desk.hall, self.waiting) if self.waiting else ""

    @property
    def last_return(self) -> HallGuideVersion | None:
        is_returned = self.adoption.guide_state == HallGuideState.RETURNED
        return self.hall_guides[0] if self.hall_guides and is_returned else None

    @property
    def has_draft(self) -> bool:
        """Whether the draft says something that citizens do not read yet."""
        return self.adoption.guide_state != HallGuideState.DONE

    @property
    def may_fill(self) -> bool:
        return self._fills_in and self.waiting is None

    @property
    def may_submit(self) -> bool:
        return self.may_fill and self.has_draft and not self.lacking and not self.contradictions

    @property
    def may_recall(self) -> bool:
        return self._fills_in and self.waiting is not None

    @property
    def may_drop(self) -> bool:
        return self._fills_in and self.adoption.state == AdoptionState.ADOPTED

    @property
    def may_stop(self) -> bool:
        return self._may("services.review") and self.adoption.state == AdoptionState.PUBLISHED

    @property
    def may_resume(self) -> bool:
        return self._may("services.review") and self.adoption.state == AdoptionState.STOPPED

    @property
    def may_accept(self) -> bool:
        return self._may("services.review") and self.newer is not None

    @property
    def next(self) -> NextStep:
        if self.waiting is not None:
            return NextStep(f"第 {self.waiting.number} 份正在等待审核。", "" if self.why_not else "review")
        if not self.has_draft:
            return NextStep("本厅的内容已定稿，没有要处理的。")
        begun = "有尚未公布的修改" if self.adoption.published else "本厅还没有公布这个事项"
        if self.adoption.guide_state == HallGuideState.RETURNED:
            begun = "上一份已退回，请按退回的原因修改"
        if self.lacking:
            return NextStep(f"{begun}，还有 {self.lacking} 处要补充，补齐后才能提交。", "fill" if self.may_fill else "")
        if self.contradictions:
            words = f"{begun}，有 {len(self.contradictions)} 处自相矛盾，改好后才能提交。"
            return NextStep(words, "fill" if self.may_fill else "")
        return NextStep(f"{begun}，内容已齐，可以提交审核。", "submit" if self.may_submit else "")

    @property
    def _fills_in(self) -> bool:
        return fills_in(self.desk.by, self.desk.hall, self.adoption.unit_id)

    def _may(self, permission: str) -> bool:
        return may(self.desk.by, permission, hall_id=self.desk.hall.pk)


def adoption_overview(desk: Desk, adoption: Adoption) -> AdoptionOverview:
    return AdoptionOverview(
        desk=desk,
        adoption=adoption,
        accepted=accepted_version(adoption),
        draft_for=version_to_fill(adoption),
        newer=newer_version(adoption),
        hall_guides=tuple(hall_guides_of(adoption)),
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """What a newer version of the item would change here. ``refused``: what of the published guide does not go with
    it."""

    number: int
    valid_from: datetime
    required_from: datetime
    changes: list[ElementDifference]
    refused: tuple[str, ...]


def coming_of(overview: AdoptionOverview, newer: ItemVersion) -> Coming:
    changes = difference(overview.accepted.values, newer.values)
    shown = overview.adoption.published
    found = findings_of(newer, shown.values) if shown else None
    points = (*found.hall.faults, *found.hall.missing, *found.opposing) if found else ()
    # every published version has both
    assert newer.valid_from  # noqa: S101
    assert newer.required_from  # noqa: S101
    refused = tuple(fault.message for fault in points)
    return Coming(newer.number, newer.valid_from, newer.required_from, changes, refused)


def fitting_draft(version: ItemVersion, adoption: Adoption) -> dict[str, object]:
    """What of the draft goes with the version."""
    return dict(fitting_values(version, adoption.values))
