"""What stands above every page of console and desk for the person who is here."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.console.access import is_preview
from province.rights.actors import Actor


def preview_banner(request: HttpRequest) -> SafeString:
    """Show as whom an administrator looks around, and the way back."""
    actor: Actor | None = getattr(request, "actor", None)
    if not actor or not is_preview(request):
        return SafeString()
    return render_to_string("people/preview_banner.html", {"seen": actor.name}, request)
