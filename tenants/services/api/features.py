"""Lists of what the hall handles by what is particular about it (办理特点)."""

from django.http import HttpRequest
from ninja import Router

from province.catalogue.queries.features import FeatureLine
from tenants.services.layouts import items_desk_of_request
from tenants.services.queries.directory import lines_of_features
from tenants.services.schemas import HallFeatureOut

router = Router(tags=["items"])


@router.get("/features", response=list[HallFeatureOut])
def list_features(request: HttpRequest, feature: str = "") -> list[FeatureLine]:
    """List what citizens find in the hall's lists: 告知承诺 (promise), 容缺受理 (later), 跨省通办 (cross-province) and
    中介服务 (intermediary). ``feature``: one of them alone."""
    items_desk_of_request(request)
    return lines_of_features(feature)
