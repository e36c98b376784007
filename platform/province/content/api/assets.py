from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from province.content.models import Asset
from province.content.operations.assets import add_asset, describe_asset
from province.content.queries.assets import asset_at_desk, assets_at_desk
from province.content.schemas.assets import AltIn, AssetOut
from province.rights.actors import Actor

router = Router(tags=["assets"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.get("", response=Page[AssetOut])
def list_assets(request: HttpRequest, page: PageParameters, desk_prefix: str = "") -> dict[str, object]:
    """The files of your desks, the oldest first."""
    return page_of(assets_at_desk(_actor(request), desk_prefix), page)


@router.post("", response={201: AssetOut})
def upload_asset(
    request: HttpRequest, file: File[UploadedFile], desk_prefix: Form[str], alt: Form[str] = ""
) -> Status[Asset]:
    """Upload an image or attachment. A file that is there already is not stored twice, with or without an idempotency
    key."""
    made = add_asset(by=_actor(request), desk_prefix=desk_prefix, name=file.name or "", content=file, alt=alt)
    return Status(201, made)


@router.get("/{uuid:asset_id}", response=AssetOut)
def show_asset(request: HttpRequest, asset_id: UUID) -> Asset:
    return asset_at_desk(_actor(request), asset_id)


@router.patch("/{uuid:asset_id}", response=AssetOut)
@idempotent
def describe(request: HttpRequest, asset_id: UUID, data: AltIn) -> tuple[int, AssetOut]:
    """Say what a picture shows, for people who cannot see it."""
    by = _actor(request)
    return 200, AssetOut.from_orm(describe_asset(by=by, asset=asset_at_desk(by, asset_id), alt=data.alt))
