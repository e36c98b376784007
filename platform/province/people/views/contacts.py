"""Colleagues: the directory of one's hall, a person's card, one's own; at the province's host, where all halls' people
come from."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS
from province.console.access import actor_of_request, for_owner, list_download
from province.people.forms import CardForm
from province.people.models import Account
from province.people.operations.contacts import write_card
from province.people.queries.actors import actor_of
from province.people.queries.contacts import Colleague, card_of, colleague, colleagues_at, own_places
from province.people.queries.units import unit_choices
from province.rights.actors import Actor

_PAGE = 50
_PROVINCE = "province"


@never_cache
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """``?hall=ID`` (or "province"), ``?search=…``, ``?unit=ID``; ``?format=csv`` or xlsx to take it away."""
    by = actor_of_request(request)
    places = own_places(by)
    if not places:
        return render(request, "people/contacts.html", {"places": []})
    hall_id = _hall_asked(request, by)
    search, unit = request.GET.get("search", "").strip()[:40], request.GET.get("unit", "")
    found = colleagues_at(by, hall_id, search=search, unit_id=_uuid(unit))
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"{places.get(hall_id, '')}通讯录"
        headings = ["姓名", "部门", "职务", "岗位", "办公电话", "办公地点", "手机号"]
        return list_download(
            by=by,
            hall_id=hall_id,
            file_format=request.GET["format"],
            name=name,
            headings=headings,
            lines=map(_line, found),
            narrowed=[dict(unit_choices(hall_id)).get(unit, "")],
            words=[search],
        )
    page = {
        "places": [(str(one or _PROVINCE), label, one == hall_id) for one, label in places.items()],
        "place": str(hall_id or _PROVINCE),
        "units": unit_choices(hall_id),
        "unit": unit,
        "search": search,
        "page": Paginator(found, _PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "people/contacts.html", page)


@never_cache
@require_GET
def person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A card; ``?format=vcf`` for the phone's own address book."""
    found = colleague(actor_of_request(request), account_id)
    if request.GET.get("format") == "vcf":
        response = HttpResponse(_vcard(found), content_type="text/vcard; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="card.vcf"'
        return response
    return render(request, "people/contact.html", {"person": found})


@never_cache
@require_http_methods(["GET", "POST"])
@for_owner
def own_card(request: HttpRequest, owner: Account) -> HttpResponse:
    card = card_of(owner)
    names = ("office_phone", "room", "shows_mobile")
    initial = {name: getattr(card, name) for name in names} | {"mobile": card.mobile.plain}
    form = CardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_card(by=actor_of(owner), account=owner, **form.cleaned_data)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "名片已保存。")
            return redirect("contact", owner.pk)
    page = {"form": form}
    return render(request, "people/own_card.html", page, status=422 if form.errors else 200)


def _hall_asked(request: HttpRequest, by: Actor) -> UUID | None:
    """The one that is named, else one's first."""
    asked = request.GET.get("hall", "")
    if asked:
        return None if asked == _PROVINCE else _uuid(asked) or UUID(int=0)
    return next(iter(own_places(by)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(one: Colleague) -> list[str]:
    columns = zip(*((duty.unit, duty.title, duty.role) for duty in one.duties), strict=True)
    joined = ["、".join(dict.fromkeys(filter(None, column))) for column in columns]
    return [one.name, *joined, one.office_phone, one.room, one.mobile]


def _vcard(one: Colleague) -> str:
    """vCard 3.0 (RFC 2426), which every phone reads. A masked number is none."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(one.name)};;;;", f"FN:{_escaped(one.name)}"]
    if one.duties:
        duty = one.duties[0]
        lines.append(f"ORG:{_escaped(duty.place)}{f';{_escaped(duty.unit)}' if duty.unit else ''}")
        lines.append(f"TITLE:{_escaped(duty.title or duty.role)}")
    if one.office_phone:
        lines.append(f"TEL;TYPE=WORK,VOICE:{_escaped(one.office_phone)}")
    if one.mobile and one.is_mobile_whole:
        lines.append(f"TEL;TYPE=CELL:{one.mobile}")
    return "\r\n".join([*lines, "END:VCARD", ""])


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
