from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from province.content.models import Asset
from province.content.queries.assets import media_link


class AltIn(Schema):
    alt: str = Field(examples=["服务大厅的叫号屏"])


class AssetOut(Schema):
    """``url`` is what a body shows or links to; ``link`` opens the file itself for five minutes."""

    id: UUID
    desk_prefix: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    alt: str
    created_at: datetime
    url: str
    link: str

    @staticmethod
    def resolve_url(asset: Asset) -> str:
        return f"/media/{asset.id}"

    @staticmethod
    def resolve_link(asset: Asset) -> str:
        return media_link(asset)
