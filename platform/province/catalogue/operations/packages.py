"""一件事 packages: drafted, published as versions, retired. What is published is in force in every hall at its commit:
whatever pages are kept are drawn anew."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.models import Package, PackageVersion
from province.catalogue.operations.drawn_codes import code_drawn_from
from province.catalogue.queries.packages import package_faults, package_with_id
from province.content.operations.generations import count_up_generation
from province.rights.actors import Actor
from province.rights.queries import require
from standards.items.packages import check_package

MOST_PACKAGES: Final = 200
LONGEST_PACKAGE: Final = 60
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
# nobody reads more than some screens of it
_MOST_CHARACTERS: Final = 60_000


@transaction.atomic
def add_package(*, by: Actor, name: str, values: Mapping[str, Any], code: str = "") -> Package:
    """Begin a package, as a draft that no hall sees. ``code``: drawn from the name where it is not given; ``values``:
    as ``standards.items.packages`` has them, which may lack something still. Raises Invalid for a name or a code that
    is taken, and for values that are wrong."""
    require(by, "catalogue.publish")
    hold_name("packages")
    known = list(Package.objects.values_list("code", flat=True))
    if len(known) >= MOST_PACKAGES:
        message = f"最多 {MOST_PACKAGES} 件。"
        raise Invalid(message)
    code = code or code_drawn_from(name, taken=known, otherwise="package")
    faults = [] if _CODE.fullmatch(code) else [Fault("code", "编码由小写字母、数字和连字符组成，最多 30 个。")]
    if code in known:
        faults.append(Fault("code", f"编码“{code}”已有。"))
    package = Package(code=code, revision=0)
    _fill(package, name, values, faults)
    return _kept(package, by, "catalogue.add_package", {"name": [None, package.name]})


@transaction.atomic
def change_package(*, by: Actor, package: Package, revision: int, name: str, values: Mapping[str, Any]) -> Package:
    """Write the draft of its next version. Halls go on with the newest one. Raises Invalid, Conflict where somebody has
    changed it since this revision."""
    locked = _locked(by, package, revision)
    before = locked.name
    _fill(locked, name, values, [])
    return _kept(locked, by, "catalogue.change_package", {"name": [before, locked.name]})


@transaction.atomic
def publish_package(*, by: Actor, package: Package, revision: int) -> PackageVersion:
    """Have halls see the draft from the commit on, as a version; the same draft once more is the version that there
    is. Raises Invalid with a fault for whatever is missing, and for each item that halls cannot take online; Conflict
    for one that is retired."""
    locked = _locked(by, package, revision)
    if locked.retired_at is not None:
        message = f"“{locked.name}”已经停用，请先恢复。"
        raise Conflict(message)
    newest = locked.newest
    if newest and not locked.is_ahead:
        return newest
    if faults := package_faults(locked.values):
        raise Invalid.of(faults, many=f"还有 {len(faults)} 处要补充或修改，不能公布。")
    number = newest.number + 1 if newest else 1
    locked.newest = PackageVersion.objects.create(
        package=locked, number=number, name=locked.name, values=locked.values, published_by_name=by.shown_name
    )
    _kept(locked, by, "catalogue.publish_package", {"package_version": [number - 1 or None, number]})
    _show_anew()
    return locked.newest


@transaction.atomic
def retire_package(*, by: Actor, package: Package, revision: int) -> Package:
    """No hall shows it from the commit on; what was applied for goes on. Raises Conflict."""
    locked = _locked(by, package, revision)
    if locked.retired_at is not None:
        message = f"“{locked.name}”已经停用。"
        raise Conflict(message)
    locked.retired_at = timezone.now()
    _kept(locked, by, "catalogue.retire_package", {"name": [locked.name, None]})
    _show_anew()
    return locked


@transaction.atomic
def restore_package(*, by: Actor, package: Package, revision: int) -> Package:
    """Halls show its newest version again. Raises Conflict."""
    locked = _locked(by, package, revision)
    if locked.retired_at is None:
        message = f"“{locked.name}”没有停用。"
        raise Conflict(message)
    locked.retired_at = None
    _kept(locked, by, "catalogue.restore_package", {"name": [None, locked.name]})
    _show_anew()
    return locked


def _locked(by: Actor, package: Package, revision: int) -> Package:
    require(by, "catalogue.publish")
    hold_name("packages")
    locked = package_with_id(package.pk)
    if locked.revision != revision:
        message = f"“{locked.name}”刚被别人改过，您的改动没有保存。请看过现在的内容再改。"
        raise Conflict(message)
    return locked


def _fill(package: Package, name: str, values: Mapping[str, Any], faults: list[Fault]) -> None:
    name = line_of(name)
    if not 0 < len(name) <= LONGEST_PACKAGE:
        faults = [*faults, Fault("name", f"名称应为 1 到 {LONGEST_PACKAGE} 个字。")]
    elif Package.objects.filter(name=name).exclude(pk=package.pk).exists():
        faults = [*faults, Fault("name", f"“{name}”已有。")]
    if len(str(values)) > _MOST_CHARACTERS:
        faults = [*faults, Fault("", f"内容太多，最多 {_MOST_CHARACTERS:,} 个字。")]
    else:
        faults = [*faults, *check_package(values).faults]
    if faults:
        raise Invalid.of(faults)
    package.name, package.values = name, dict(values)


def _kept(package: Package, by: Actor, act: str, changes: dict[str, list[Any]]) -> Package:
    package.revision += 1
    package.save()
    record_act(by=by, act=act, object_type="package", object_id=package.pk, changes=changes)
    return package


def _show_anew() -> None:
    """Every kept page of every hall is drawn anew: one row."""
    count_up_generation(settings.PROVINCE_CODE)
