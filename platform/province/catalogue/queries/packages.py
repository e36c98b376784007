"""一件事 packages, as the province writes them and as halls read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import Fault, NotFound
from province.catalogue.models import Item, ItemVersion, Package, PackageVersion
from province.catalogue.queries.codes import item_ids_by_code
from province.catalogue.queries.validity import items_valid_at
from standards.items import BY_NAME
from standards.items.codelists import APPLIED
from standards.items.handling import handled, handling_row
from standards.items.packages import PackageDefinition, PackageItem, check_package
from standards.items.values import is_blank

# without these no hall takes an application online (tenants.casework)
_TAKEN_ONLINE: Final = ("conditions", "materials")


@dataclass(frozen=True, slots=True)
class PackageLine:
    """An item of a package as it stands in the catalogue now. ``item_id``: None where no item answers to the code;
    ``version``: the one in force, None where there is none."""

    item: PackageItem
    item_id: UUID | None
    version: ItemVersion | None

    @property
    def values(self) -> Mapping[str, Any]:
        """Those of its handling item where it names one."""
        values: Mapping[str, Any] = self.version.values if self.version else {}
        row = handling_row(values, self.item.handling_code) if self.item.handling_code else None
        return handled(values, row) if row else values

    @property
    def name(self) -> str:
        """ "" where the catalogue has none in force."""
        return str(self.values.get("name") or (self.version.name if self.version else ""))


def packages() -> list[Package]:
    """All, those in use first, by their names."""
    return sorted(Package.objects.select_related("newest"), key=lambda one: (one.retired_at is not None, one.name))


def package_with_id(package_id: UUID) -> Package:
    """Raises NotFound."""
    found = Package.objects.select_related("newest").filter(pk=package_id).first()
    if found is None:
        raise NotFound("没有这件事。")
    return found


def shown_packages() -> list[PackageVersion]:
    """What halls see now, by name: one query."""
    rows = PackageVersion.objects.filter(pk__in=_shown()).select_related("package")
    return list(rows.order_by("name"))


def shown_package(package_id: UUID) -> PackageVersion:
    """The version of a package that halls see now. Raises NotFound, also for one that is retired."""
    found = PackageVersion.objects.filter(pk__in=_shown(), package=package_id).select_related("package").first()
    if found is None:
        raise NotFound("没有这件事，可能已经停用。")
    return found


def _shown() -> Any:
    return Package.objects.filter(retired_at=None, newest__isnull=False).values("newest")


def ids_of_items(items: Sequence[PackageItem]) -> dict[str, UUID]:
    """code → id of the item that answers to it now; one query."""
    return item_ids_by_code({one.code for one in items})


def package_lines(values: Mapping[str, Any]) -> list[PackageLine]:
    """The items of a package as they stand in the catalogue, in their order: two queries."""
    items = PackageDefinition(values).items
    ids = ids_of_items(items)
    versions = {one.item_id: one for one in items_valid_at(timezone.now()).filter(item_id__in=set(ids.values()))}
    return [PackageLine(one, ids.get(one.code), versions.get(ids.get(one.code))) for one in items]  # type: ignore[arg-type]


def package_faults(values: Mapping[str, Any]) -> list[Fault]:
    """What stands against publishing a package: wrong and missing values, and items that halls cannot take online,
    each by its name. Two queries."""
    report = check_package(values)
    found = [*report.faults, *report.missing]
    return found or [fault for line in package_lines(values) for fault in _faults_of(line)]


def _faults_of(line: PackageLine) -> Iterator[Fault]:
    where = f"items.{line.item.place}.code"
    if line.item_id is None:
        yield Fault(where, f"没有事项用过编码“{line.item.code}”。")
        return
    version = line.version
    if version is None:
        name = Item.objects.filter(pk=line.item_id).values_list("name", flat=True).first() or line.item.code
        yield Fault(where, f"“{name}”现在没有公布的版本，或者已经暂停、取消，服务厅不能受理。")
        return
    named = f"“{line.name}”（{line.item.code}）"
    code = line.item.handling_code
    if version.item_type not in APPLIED:
        yield Fault(where, f"{named}不是依申请办理的事项。")
    elif code and handling_row(version.values, code) is None:
        yield Fault(f"items.{line.item.place}.handling_code", f"{named}没有序号为“{code}”的业务办理项。")
    else:
        lacking = [BY_NAME[name].label for name in _TAKEN_ONLINE if is_blank(line.values.get(name))]
        if lacking or not version.is_complete:
            why = f"没有写{'、'.join(lacking)}" if lacking else "还不完整"
            yield Fault(where, f"{named}的办事指南{why}，服务厅不能在网上受理。")
