"""The check of items as this province builds its codes: the standard's check with the province's own scheme."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from province.catalogue.models import ItemVersion
from province.catalogue.queries.codes import followed
from standards.items import CodeScheme, Findings, check, fitting
from standards.items.codes import local_rules


@cache
def own_scheme() -> CodeScheme:
    """How this province builds its codes. Raises ImproperlyConfigured for a form of local codes that nobody has
    written down."""
    name = settings.LOCAL_CODE_RULE
    rules = local_rules()
    if name and name not in rules:
        message = f"LOCAL_CODE_RULE must be one of {', '.join(rules)}, or empty, not {name!r}"
        raise ImproperlyConfigured(message)
    return CodeScheme(local=rules[name] if name else None)


def check_item(
    *, family: str, item_type: str, values: Mapping[str, Any], hall_values: Mapping[str, Any] | None = None
) -> Findings:
    """What is wrong with an item and what it lacks; as ``standards.items.check``."""
    return check(family=family, item_type=item_type, values=values, hall_values=hall_values, scheme=own_scheme())


def check_version(version: ItemVersion, hall_values: Mapping[str, Any] | None = None) -> Findings:
    """What is wrong with a version of an item and a hall's guide of it, and what they lack. The guide is read under the
    code that the item has in this version."""
    own = followed(version, hall_values) if hall_values else hall_values
    return check_item(family=version.family, item_type=version.item_type, values=version.values, hall_values=own)


def fitting_values(version: ItemVersion, hall_values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a hall's guide goes with a version of the item, as ``standards.items.fitting``; its 实施编码 under the
    code that the item has in this version."""
    return fitting(
        family=version.family,
        item_type=version.item_type,
        values=version.values,
        hall_values=followed(version, hall_values),
        scheme=own_scheme(),
    )


def fitting_and_found(version: ItemVersion, hall_values: Mapping[str, Any]) -> tuple[Mapping[str, Any], Findings]:
    """What of a hall's guide goes with a version of an item, and what is wrong with and lacking in the two together."""
    own = fitting_values(version, hall_values)
    return own, check_version(version, own)
