"""Which hall a page is about: chosen by name, kept in the address by its code."""

from dataclasses import dataclass

from django.http import HttpRequest

from province.console.queries.picks import picks_for
from province.people.forms import PlaceForm
from province.people.queries.places import Place, place_with_code
from province.rights.actors import Actor
from province.rights.queries import may

_KINDS = {
    "people.read": "halls-of-people",
    "people.manage": "halls-to-manage",
    "rights.appoint": "halls-to-appoint",
}
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """The place, and the form by which another one is chosen. ``is_province``: none at all is the province."""

    place: Place
    form: PlaceForm
    is_province: bool


def chosen_place(request: HttpRequest, by: Actor, permission: str) -> PlaceChoice:
    """What the address or the form names. Raises NotFound for the code of a hall out of reach; words that fit none or
    several are a fault of the form."""
    text = (request.POST.get("hall") or request.GET.get("hall") or "").strip()[:_LONGEST]
    choice = request.GET.get("hall-choice", "")
    is_asked = bool(text or choice)
    data = {"hall": text, "hall-choice": choice} if is_asked else None
    form = PlaceForm(data, kind=_KINDS[permission], picks=picks_for(by))
    is_code = text.isascii() and text.isdigit() and not choice
    code = text[:12] if is_code else form.cleaned_data["hall"] if is_asked and form.is_valid() else ""
    place = place_with_code(by, permission, code)
    if not form.errors:
        form = PlaceForm({"hall": place.code}, kind=_KINDS[permission], picks=picks_for(by))
    return PlaceChoice(place, form, may(by, permission))
