"""What is particular about how an item is handled (办理特点): by which lists of items people find it, what each
list says of it, and on which basis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices

from standards.items.codelists import CrossProvinceWay, MaterialNeed, Payer, Submission
from standards.items.elements.handling import LAYERS
from standards.items.forms import LISTS
from standards.items.handling import handled, rows_of
from standards.items.words import citation, label_of

type Values = Mapping[str, Any]


class Feature(TextChoices):
    """A list of items (清单); the value stands in addresses and in the database."""

    PROMISE = "promise", "告知承诺"
    LATER = "later", "容缺受理"
    CROSS_PROVINCE = "cross-province", "跨省通办"
    INTERMEDIARY = "intermediary", "中介服务"


_LAWS: Final[Mapping[Feature, str]] = {
    Feature.PROMISE: "promise_laws",
    Feature.LATER: "later_laws",
    Feature.CROSS_PROVINCE: "cross_province_laws",
}


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """What one list says of an item: ``words``, a line each, and ``basis``, the laws and documents that allow or
    demand it (empty: the item does not say any, and stands in no list)."""

    feature: Feature
    words: tuple[str, ...]
    basis: tuple[str, ...]


def features_of(values: Values) -> list[FeatureEntry]:
    """What an item declares of itself, with and without a basis, in the order of ``Feature``."""
    said = {
        Feature.PROMISE: tuple(_promises(values)),
        Feature.LATER: tuple(_later(values)),
        Feature.CROSS_PROVINCE: tuple(_ways(values)),
        Feature.INTERMEDIARY: tuple(_intermediaries(values)),
    }
    return [FeatureEntry(one, words, tuple(_basis(one, values))) for one, words in said.items() if words]


def founded_features(values: Values) -> list[Feature]:
    """The lists in which the item stands: what it declares and gives a basis for."""
    return [entry.feature for entry in features_of(values) if entry.basis]


def _basis(feature: Feature, values: Values) -> Iterator[str]:
    if feature is Feature.INTERMEDIARY:
        laws = [law for row in rows_of(values, "intermediaries") for law in rows_of(row, "laws")]
    else:
        laws = rows_of(values, _LAWS[feature])
    return (one for one in dict.fromkeys(citation(law) for law in laws) if one)


def _materials(values: Values) -> Iterator[Values]:
    """Of each name one: those of the item, those of its handling items, and those that a hall has added."""
    parts = [values, *(handled(values, row) for row in rows_of(values, LAYERS[0]))]
    found: dict[str, Values] = {}
    for row in (row for part in parts for name in LISTS for row in rows_of(part, name)):
        if isinstance(row.get("name"), str) and (_may_promise(row) or _may_wait(row)):
            found.setdefault(row["name"], row)
    return iter(found.values())


def _may_promise(row: Values) -> bool:
    given = row.get("submission")
    return isinstance(given, list) and Submission.PROMISE.value in given


def _may_wait(row: Values) -> bool:
    return row.get("need") == MaterialNeed.LATER.value


def _promises(values: Values) -> Iterator[str]:
    scope = values.get("promise_scope")
    if isinstance(scope, str) and scope.strip():
        yield scope.strip()
    if names := [str(row["name"]) for row in _materials(values) if _may_promise(row)]:
        yield f"可以用承诺代替的材料：{'、'.join(names)}"


def _later(values: Values) -> Iterator[str]:
    for row in _materials(values):
        if _may_wait(row):
            days = row.get("later_days")
            limit = f"{days} 个工作日内补交" if isinstance(days, int) else "补交期限没有写明，请问窗口"
            yield f"{row['name']}（{limit}）"


def _ways(values: Values) -> Iterator[str]:
    given = values.get("cross_province_ways")
    for one in given if isinstance(given, list) else []:
        if one in CrossProvinceWay.values:
            yield label_of(CrossProvinceWay, one)


def _intermediaries(values: Values) -> Iterator[str]:
    for row in rows_of(values, "intermediaries"):
        payer = f"由谁付费：{label_of(Payer, row['payer'])}" if row.get("payer") in Payer.values else ""
        told = [str(one) for one in (row.get("result"), payer, row.get("note")) if one]
        if row.get("name"):
            yield f"{row['name']}（{'；'.join(told)}）" if told else str(row["name"])
