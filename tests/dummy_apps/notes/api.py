from django.http import HttpRequest
from ninja import Router

from tests.dummy_apps.notes.models import Note

router = Router()


@router.get("")
def list_notes(request: HttpRequest) -> list[str]:
    return [note.text for note in Note.objects.all()]
