"""By what people narrow a list of items down, and to which groups the values of an item belong."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import TextChoices

from standards.items.codelists import ApplicantKind, Family
from standards.items.features import Feature, founded_features
from standards.items.themes import BodyTheme, PersonTheme


class Facet(TextChoices):
    """By what people narrow a list of items; the value stands in addresses and in the database. FAMILY and DEPARTMENT
    are known of an item without its values."""

    LIFE_EVENT = "life-event", "一件事"
    PERSON_THEME = "person-theme", "个人主题"
    BODY_THEME = "body-theme", "法人主题"
    AUDIENCE = "audience", "服务对象"
    FEATURE = "feature", "办理特点"
    FAMILY = "family", "类别"
    DEPARTMENT = "department", "主管部门"


class Whom(TextChoices):
    """For whom an item is, as pages divide them; GB/T 39046 A.4 has five kinds of bodies."""

    PERSON = "person", "个人"
    BODY = "body", "企业和其他单位"


# a department is its own label, and life events are a province's rows
LABELS: Final[Mapping[Facet, type[TextChoices]]] = {
    Facet.PERSON_THEME: PersonTheme,
    Facet.BODY_THEME: BodyTheme,
    Facet.AUDIENCE: Whom,
    Facet.FEATURE: Feature,
    Facet.FAMILY: Family,
}
_ELEMENTS: Final[Mapping[Facet, str]] = {
    Facet.LIFE_EVENT: "life_events",
    Facet.PERSON_THEME: "person_themes",
    Facet.BODY_THEME: "body_themes",
}


def facets_of(values: Mapping[str, Any]) -> list[str]:
    """Return the facets of an item's values as the database keeps them, each once: ["life-event:birth",
    "audience:person"]."""
    found = [facet_key(facet, value) for facet, name in _ELEMENTS.items() for value in values.get(name) or ()]
    audiences = set(values.get("audiences") or ())
    if ApplicantKind.PERSON in audiences:
        found.append(facet_key(Facet.AUDIENCE, Whom.PERSON))
    if audiences - {ApplicantKind.PERSON}:
        found.append(facet_key(Facet.AUDIENCE, Whom.BODY))
    found += [facet_key(Facet.FEATURE, one) for one in founded_features(values)]
    return list(dict.fromkeys(found))


def facet_key(facet: Facet, value: str) -> str:
    """Write a facet and its value as the database keeps them: ``life-event:birth``."""
    return f"{facet.value}:{value}"
