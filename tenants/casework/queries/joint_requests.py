"""What a hall that is asked for an opinion (联办) is given of another hall's case, and how it reads it: as long as the
question is open, out of the parcel that lies beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from foundation.errors import NotFound
from foundation.files.store import link_to
from province.cases.models import CaseReport, Referral
from province.cases.queries.applicants import applicant_with_id
from province.cases.queries.opinions import WHOLE_HALL
from province.cases.queries.parcels import parcel_files
from province.cases.queries.referrals import content_of
from province.cases.states import CLOCK_RULES, CaseState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.people.models import Unit
from standards.forms.applying import MATERIAL
from tenants.casework.models import Case, JointOpinion
from tenants.casework.queries.joint import OpinionLine, opinion_lines
from tenants.casework.queries.referrals import fields_with_words
from tenants.casework.queries.shown import materials_of
from tenants.casework.states import OPEN_FOR_OPINIONS, JointState, MaterialState
from tenants.shell.slots import Desk
from tenants.workflow.queries.filled import filled_form

_GONE: Final = "这份征询已经了结，申请表和材料由征询的服务厅保管。"


@dataclass(frozen=True, slots=True)
class AskedFile:
    id: UUID
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class AskedMaterial:
    """A material of another hall's case, as ``CaseMaterial`` has it there."""

    id: UUID
    name: str
    is_needed: bool
    state: MaterialState
    owed_until: date | None
    files: Sequence[AskedFile]


@dataclass(frozen=True, slots=True)
class AskedField:
    label: str
    text: str
    files: Sequence[AskedFile]


@dataclass(frozen=True, slots=True)
class AskedCase:
    """What is asked by another hall. ``unit_name``: who has the case there; ``state``: of the case, None where its hall
    reports none; ``form`` and ``materials``: while the question is open (``is_open``), empty afterwards."""

    line: OpinionLine
    unit_name: str
    applicant_name: str
    state: CaseState | None
    is_open: bool
    form: Sequence[AskedField]
    materials: Sequence[AskedMaterial]

    @property
    def may_give(self) -> bool:
        return self.line.is_waiting and self.is_open and self.state in OPEN_FOR_OPINIONS

    @property
    def clock_rule(self) -> str:
        return CLOCK_RULES[ReferralKind.OPINION]


def content_for_opinion(hall: Hall, case: Case) -> Mapping[str, Any]:
    """What the other hall is given to read: plain JSON, in which files are named by their keys in this hall's
    folder."""
    filled = filled_form(hall, case.filled_id)
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    unit = Unit.objects.filter(pk=case.unit_id, hall_id=hall.pk).first() if case.unit_id else None
    return {
        "case_unit": unit.name if unit else WHOLE_HALL,
        "applicant": applicant.shown_name if applicant else "",
        "fields": [
            {"label": one["label"], "text": one["text"], "files": list(_named(one["value"]))}
            for one in fields_with_words(hall, filled).values()
            if one["type"] != MATERIAL
        ],
        "files": parcel_files(filled.uploads.order_by("pk")),
        "materials": [
            {
                "id": str(one.pk),
                "name": one.name,
                "is_needed": one.is_needed,
                "state": one.state,
                "owed_until": one.owed_until.isoformat() if one.owed_until else None,
                "files": [str(file.pk) for file in files],
            }
            for one, files in materials_of(hall, case, {})
        ],
    }


def asked_case(desk: Desk, opinion: JointOpinion) -> AskedCase:
    """Everything that the department may know of another hall's case, with a number of queries that does not grow."""
    line = opinion_lines(desk.hall, [opinion])[0]
    referral = line.referral
    content = _content(opinion, referral)
    files: Mapping[str, Mapping[str, Any]] = content.get("files", {})
    report = CaseReport.objects.filter(number=referral.case_number, hall=referral.hall).first() if referral else None
    return AskedCase(
        line=line,
        unit_name=content.get("case_unit", ""),
        applicant_name=content.get("applicant", ""),
        state=CaseState(report.state) if report else None,
        is_open=bool(content),
        form=[AskedField(one["label"], one["text"], _files(files, one["files"])) for one in content.get("fields", [])],
        materials=[
            AskedMaterial(
                id=UUID(one["id"]),
                name=one["name"],
                is_needed=one["is_needed"],
                state=MaterialState(one["state"]),
                owed_until=date.fromisoformat(one["owed_until"]) if one["owed_until"] else None,
                files=_files(files, one["files"]),
            )
            for one in content.get("materials", [])
        ],
    )


def link_for_asked(opinion: JointOpinion, upload_id: UUID) -> str:
    """A short-lived address of a file of another hall's case. Raises NotFound, also once the question has ended, and
    for a file that is not that hall's."""
    asked = Referral.objects.select_related("hall")
    referral = asked.filter(pk=opinion.referral_id).first() if opinion.referral_id else None
    facts = _content(opinion, referral).get("files", {}).get(str(upload_id))
    if referral is None or facts is None or not str(facts["key"]).startswith(f"{referral.hall.folder}/"):
        raise NotFound(_GONE)
    download_as = "" if facts["media_type"].startswith("image/") else facts["name"]
    return link_to(facts["key"], download_as=download_as, is_offered=True)


def _content(opinion: JointOpinion, referral: Referral | None) -> Mapping[str, Any]:
    """Empty once it was answered, sent back or recalled."""
    is_open = referral is not None and referral.state == ReferralState.SENT and opinion.state == JointState.WAITING
    if referral is None or not is_open or referral.kind != ReferralKind.OPINION:
        return {}
    return content_of(referral) or {}


def _files(files: Mapping[str, Mapping[str, Any]], ids: Sequence[str]) -> list[AskedFile]:
    return [AskedFile(UUID(one), files[one]["name"], files[one]["size"]) for one in ids if one in files]


def _named(value: Any) -> Iterator[str]:
    """The ids of the uploads that a field names, at any depth."""
    match value:
        case {"id": str(pk)}:
            yield pk
        case dict():
            for one in value.values():
                yield from _named(one)
        case list() | tuple():
            for one in value:
                yield from _named(one)
