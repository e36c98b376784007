"""一件事 packages: several items that people apply for at once."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.catalogue.models import Package
from province.catalogue.operations.packages import (
    add_package,
    change_package,
    publish_package,
    restore_package,
    retire_package,
)
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.packages import package_faults, package_with_id, packages
from province.catalogue.schemas.packages import PackageChangeIn, PackageGapOut, PackageIn, PackageLineOut, PackageOut
from province.catalogue.schemas.words import RevisionIn
from province.rights.actors import Actor

router = Router(tags=["packages"])


def _actor(request: HttpRequest) -> Actor:
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


def _line(package: Package) -> PackageLineOut:
    return PackageLineOut(
        id=package.pk,
        code=package.code,
        name=package.name,
        version=package.newest.number if package.newest else None,
        retired_at=package.retired_at,
        revision=package.revision,
    )


def _whole(package: Package) -> PackageOut:
    gaps = [PackageGapOut(where=one.where, message=one.message) for one in package_faults(package.values)]
    return PackageOut(**_line(package).model_dump(), values=package.values, gaps=gaps)


@router.get("/packages", response=list[PackageLineOut])
def list_packages(request: HttpRequest) -> list[PackageLineOut]:
    """List all, also retired ones."""
    _actor(request)
    return [_line(one) for one in packages()]


@router.post("/packages", response={201: PackageOut})
@idempotent
def begin_package(request: HttpRequest, data: PackageIn) -> tuple[int, PackageOut]:
    """Begin a package, as a draft that no hall sees."""
    return 201, _whole(add_package(by=_actor(request), **data.model_dump()))


@router.get("/packages/{uuid:package_id}", response=PackageOut)
def show_package(request: HttpRequest, package_id: UUID) -> PackageOut:
    """Show a package's draft, and what stands against publishing it."""
    _actor(request)
    return _whole(package_with_id(package_id))


@router.put("/packages/{uuid:package_id}", response=PackageOut)
@idempotent
def write_package(request: HttpRequest, package_id: UUID, data: PackageChangeIn) -> tuple[int, PackageOut]:
    """Write the draft of its next version; halls go on with the newest one."""
    by = _actor(request)
    return 200, _whole(change_package(by=by, package=package_with_id(package_id), **data.model_dump()))


@router.post("/packages/{uuid:package_id}/publish", response=PackageOut)
@idempotent
def publish(request: HttpRequest, package_id: UUID, data: RevisionIn) -> tuple[int, PackageOut]:
    """Have halls see the draft at once. 422 with a fault for each item that halls cannot take online."""
    publish_package(by=_actor(request), package=package_with_id(package_id), revision=data.revision)
    return 200, _whole(package_with_id(package_id))


@router.post("/packages/{uuid:package_id}/retire", response=PackageOut)
@idempotent
def retire(request: HttpRequest, package_id: UUID, data: RevisionIn) -> tuple[int, PackageOut]:
    """Take it off all halls' sites; what was applied for goes on."""
    by = _actor(request)
    return 200, _whole(retire_package(by=by, package=package_with_id(package_id), revision=data.revision))


@router.post("/packages/{uuid:package_id}/restore", response=PackageOut)
@idempotent
def restore(request: HttpRequest, package_id: UUID, data: RevisionIn) -> tuple[int, PackageOut]:
    by = _actor(request)
    return 200, _whole(restore_package(by=by, package=package_with_id(package_id), revision=data.revision))
