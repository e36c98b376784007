"""Pictures and attachments of the hall's articles. Readers get them at /media/<id>."""

from django.http import HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from tenants.portal.layouts import desk_of_request
from tenants.portal.models import HallAsset
from tenants.portal.operations.assets import add_asset
from tenants.portal.schemas import FileOut

router = Router(tags=["files"])


@router.post("", response={201: FileOut})
def upload_file(request: HttpRequest, file: File[UploadedFile], alt: Form[str] = "") -> Status[HallAsset]:
    """Upload a file; it is checked by its content. A file that is there already is not stored twice, so that no key is
    needed to send it again."""
    desk = desk_of_request(request)
    asset = add_asset(by=desk.by, hall=desk.hall, name=file.name or "", content=file, alt=alt)
    return Status(201, asset)
