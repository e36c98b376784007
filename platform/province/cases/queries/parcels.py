"""What of a filled form another hall is given: plain JSON, for who knows nothing of the sender's form."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from foundation.files.models import StoredFile
from foundation.files.store import StoredFacts
from province.cases.models import Referral
from province.cases.queries.referrals import content_of
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import Value


def parcel_fields(definition: FormDefinition, values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """Name of each field that was filled in → its value, type, label and the value in words."""
    named = definition.named_fields
    return {
        name: {"value": value, "type": named[name].type, "label": named[name].label, "text": named[name].text(value)}
        for name, value in values.items()
        if name in named
    }


def parcel_files(files: Iterable[StoredFile]) -> dict[str, dict[str, Any]]:
    """Id of each file → the fields of ``StoredFacts``."""
    names = [field.name for field in fields(StoredFacts)]
    return {str(one.pk): {name: getattr(one, name) for name in names} for one in files}


def parcel_of(referral: Referral) -> list[tuple[str, str]]:
    """Label and words of each field that was sent; nothing once it has ended."""
    content = content_of(referral)
    return [(one["label"], one["text"]) for one in content["fields"].values() if one["text"]] if content else []
