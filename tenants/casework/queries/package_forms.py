"""The one form of several items (一表申请), and what it says for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from standards.forms.applying import MATERIAL, place_of_field
from standards.forms.merging import FormToMerge, MergedForm, merge_forms, values_of_part
from tenants.casework.models import PackageApplication
from tenants.casework.queries.packages import PackagePart, material_keys
from tenants.workflow.models import FormVersion
from tenants.workflow.queries.filled import FormFiller, rights_at_beginning
from tenants.workflow.queries.forms import definition_of, newest_version


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPart:
    """An item of an application as it was begun. ``place``: from 1 on; ``after``: the places of those that have to be
    granted before it; ``version_id``: of its own form; ``names``: of that form's fields → in the merged form.
    ``setup_id``: None for one that a hall above does, by the offer ``offer_id``."""

    place: int
    code: str
    name: str
    setup_id: UUID | None
    offer_id: UUID | None = None
    version_id: UUID
    names: Mapping[str, str]
    after: tuple[int, ...]

    def own_values(self, version: FormVersion, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the merged form says for it, by the names of its own form, which is this ``version``."""
        return values_of_part(definition_of(version), self.names, values)


def merged_form(
    who: FormFiller, title: str, parts: Sequence[PackagePart], form_ids: Mapping[str, UUID]
) -> tuple[MergedForm, list[AppliedPart]]:
    """The form of items that can all be applied for here, and which field of it belongs to what. ``form_ids``: code of
    each item → its own form. Two queries for each item, and one more."""
    keys = material_keys(parts)
    forms, versions = [], {}
    for place, part in enumerate(parts, start=1):
        versions[place] = newest_version(form_ids[part.item.code])
        definition = definition_of(versions[place])
        materials = {
            field.name: keys.get((part.item.code, at), "")
            for field in definition.fields
            if field.type == MATERIAL and (at := place_of_field(field.name))
        }
        forms.append(
            FormToMerge(
                key=f"p{place}",
                title=part.name,
                definition=definition,
                materials=materials,
                rights=rights_at_beginning(who, definition),
            )
        )
    merged = merge_forms(f"{title}申请表", forms)
    places = {part.item.code: place for place, part in enumerate(parts, start=1)}
    applied = [
        AppliedPart(
            place=place,
            code=part.item.code,
            name=part.name,
            setup_id=part.setup.pk if part.setup else None,
            offer_id=part.offer.pk if part.offer else None,
            version_id=versions[place].pk,
            names=merged.names[f"p{place}"],
            after=tuple(places[code] for code in part.item.after),
        )
        for place, part in enumerate(parts, start=1)
    ]
    return merged, applied


def as_kept(part: AppliedPart) -> dict[str, Any]:
    """As it stands in the row of the application."""
    ids = {"setup_id": part.setup_id, "offer_id": part.offer_id, "version_id": part.version_id}
    kept = {name: one.hex if one else None for name, one in ids.items()}
    return asdict(part) | kept | {"names": dict(part.names)}


def parts_of(application: PackageApplication) -> list[AppliedPart]:
    """The items of an application, in their order."""
    return [
        AppliedPart(
            **row
            | {
                "setup_id": _id(row["setup_id"]),
                "offer_id": _id(row.get("offer_id")),
                "version_id": UUID(row["version_id"]),
                "after": tuple(row["after"]),
            }
        )
        for row in application.parts
    ]


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
