"""Licences of this hall that could stand in an application, and those that do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from foundation.errors import DomainError
from province.halls.models import Hall
from province.rights.queries import works_at
from standards.forms.applying import place_of_field
from tenants.casework.models import Case, CaseMaterial, CaseSetup, UsedLicence
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.guides import CaseGuide, GuideMaterial, guide_of_case, guide_to_apply_by
from tenants.casework.queries.held import materials_of_cases, sheets_of
from tenants.licences.models import Licence
from tenants.licences.queries.holders import rows_of_holder
from tenants.licences.queries.register import licences_of_holders, own_licences
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.queries.filled import FormFiller, rights_of, values_of

# of one person that are looked through
_MOST = 200


@dataclass(frozen=True, slots=True)
class LicenceOffer:
    """A licence that could stand in a field of the form for the guide's material. ``is_used``: it does."""

    field: str
    material: str
    licence: Licence
    is_used: bool


@dataclass(frozen=True, slots=True)
class UsedLine:
    """A licence that stands in an application. ``material``: in whose place."""

    used: UsedLicence
    material: str

    @property
    def has_lapsed(self) -> bool:
        """Whether it held when it was used, and does no more."""
        return not self.used.licence.holds


def offers_for(hall: Hall, who: FormFiller, filled: FilledForm, names: Collection[str]) -> list[LicenceOffer]:
    """What can be used in these fields of an application that who fills it in may still change: a citizen's own and
    their companies'; at the desk, those of the applicant whom the form names. Nothing for any other form."""
    places = {place: name for name in names if (place := place_of_field(name))}
    setup = CaseSetup.objects.filter(form_id=filled.form_id).first() if places else None
    if setup is None:
        return []
    values = values_of(hall, filled)
    held = [one for one in _licences_of(hall, who, values)[:_MOST] if one.holds]
    guide = _guide_of(setup, filled) if held else None
    if guide is None:
        return []
    rights = rights_of(who, filled)
    used = _used_by_upload(filled.pk)
    return [
        LicenceOffer(name, material.name, one, any(used.get(key) == one.pk for key in _files_in(values, name)))
        for material in guide.materials
        if (name := places.get(material.place, "")) and name in rights and rights[name].is_writable
        for one in held
        if _is_of_kind(material, one)
    ]


def used_in(hall: Hall, case: Case) -> list[UsedLine]:
    """Those that stand in a case's form, in the order of its materials."""
    if not UsedLicence.objects.filter(upload__filled_id=case.filled_id).exists():
        return []
    values = values_of(hall, case.filled)
    rows = [(one, _files_in(values, one.field)) for one in materials_of_cases([case], sheets_of([case]))[case.pk]]
    return used_among(case.filled_id, rows)


def used_among(filled_id: UUID, materials: Iterable[tuple[CaseMaterial, Iterable[FormUpload | str]]]) -> list[UsedLine]:
    """As ``used_in``, where the files of each material are known already: one query."""
    rows = UsedLicence.objects.filter(upload__filled_id=filled_id)
    used = {str(one.upload_id): one for one in rows.select_related("licence__document")}
    return [
        UsedLine(used[key], material.name)
        for material, files in materials
        for one in files
        if (key := str(getattr(one, "pk", one))) in used
    ]


def _licences_of(hall: Hall, who: FormFiller, values: Mapping[str, Any]) -> Any:
    if who.citizen:
        return own_licences(hall, who.citizen)
    if not works_at(who.by, HANDLE, hall_id=hall.pk):
        return []
    is_body = values.get("applicant_nature") == "body"
    number = _text(values, "applicant_credit_code" if is_body else "applicant_number")
    if not number:
        return []
    rows = rows_of_holder(hall.pk, credit_code=number) if is_body else rows_of_holder(hall.pk, number=number)
    return licences_of_holders(rows.only("pk"))


def _guide_of(setup: CaseSetup, filled: FilledForm) -> CaseGuide | None:
    case = Case.objects.filter(filled=filled).first()
    try:
        return guide_of_case(case) if case else guide_to_apply_by(setup.item_id, setup.handling_code)
    except DomainError:
        return None


def _is_of_kind(material: GuideMaterial, licence: Licence) -> bool:
    """By the code of their kind; where nobody has published one, by their very name."""
    if material.code or licence.type_code:
        return material.code == licence.type_code
    return material.name == licence.name


def _used_by_upload(filled_id: UUID) -> dict[str, UUID]:
    rows = UsedLicence.objects.filter(upload__filled_id=filled_id).values_list("upload_id", "licence_id")
    return {str(upload): licence for upload, licence in rows}


def _files_in(values: Mapping[str, Any], name: str) -> list[str]:
    given = values.get(name)
    return [str(one["id"]) for one in given if isinstance(one, dict)] if isinstance(given, list | tuple) else []


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return found.strip() if isinstance(found, str) else ""
