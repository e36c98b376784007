"""Lists of items by what is particular about how they are handled (办理特点)."""

from typing import cast

from django.http import HttpRequest
from ninja import Router

from province.catalogue.queries.features import FeatureLine, feature_table
from province.catalogue.schemas.features import FeatureLineOut
from province.rights.actors import Actor

router = Router(tags=["items"])


@router.get("/item-features", response=list[FeatureLineOut])
def list_features(request: HttpRequest, feature: str = "") -> list[FeatureLine]:
    """List what items in force declare: 告知承诺 (promise), 容缺受理 (later), 跨省通办 (cross-province) and 中介服务
    (intermediary). ``feature``: one of them alone. Citizens find those with a basis."""
    by = cast("Actor", request.auth)  # type: ignore[attr-defined]
    return feature_table(by, feature)
