from django.http import HttpRequest
from ninja import Router

router = Router()
hall_router = Router()


@router.get("")
def list_notices(request: HttpRequest) -> list[str]:
    return ["省级通告"]


@hall_router.get("")
def list_notices_at_hall(request: HttpRequest) -> list[str]:
    return ["各厅通告"]
