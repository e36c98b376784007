"""One click signs in a person of the demo. Neither the address nor the buttons exist where YIZHAN_DEMO is off."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from config.demo import has_demo
from config.demo.citizens import demo_citizens
from config.demo.people import staff
from config.demo.progress import month_progress
from foundation.errors import NotFound
from province.audit.operations import record_act
from province.citizens.models import CitizenSignIn
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.views.entry import let_citizen_in
from province.halls.access import destination_of
from province.people.models import Account
from province.sign_in.models import Factor
from province.sign_in.views.entry import let_in, onward


def demo_cast(_: HttpRequest) -> dict[str, object]:
    """Give the sign-in pages (as a context processor) whom one can sign in as by one click: the cast with open
    accounts, and the citizens; and how far the demo's month is."""
    return {
        "demo_cast": SimpleLazyObject(_cast),
        "demo_citizens": SimpleLazyObject(_citizens),
        "demo_month": SimpleLazyObject(_month),
    }


def _cast() -> list[dict[str, str]]:
    """Those whose accounts are there and open: ``staff()``, each with a name."""
    if not has_demo():
        return []
    cast = staff()
    open_accounts = Account.objects.filter(username__in=[one["username"] for one in cast], is_active=True)
    names = dict(open_accounts.values_list("username", "name"))
    return [one | {"name": names[one["username"]]} for one in cast if one["username"] in names]


def _month() -> str:
    return month_progress().words


def _citizens() -> list[dict[str, str]]:
    return [{"position": one.role, "username": one.phone, "name": one.name} for one, _ in demo_citizens()]


@require_POST
def demo_citizen_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in one of the demo's citizens by one click, for all halls. Takes ``username``, the citizen's phone;
    raises NotFound for any other."""
    found = {one.phone: citizen for one, citizen in demo_citizens()}.get(request.POST.get("username", ""))
    if found is None:
        raise NotFound("演示里没有这个人。")
    record_act(
        by=actor_of_citizen(found),
        act="citizens.citizen_sign_in",
        object_type="citizen",
        object_id=found.pk,
        person_id=found.pk,
        changes={"way": [None, "demo"]},
    )
    return let_citizen_in(request, found, CitizenSignIn.Way.DEMO, request.GET.get("next", ""))


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in one of the cast by one click. Takes ``username``, raises NotFound for anybody else. They go where they
    work, unless they were on their way to somewhere else."""
    person = next((one for one in _cast() if one["username"] == request.POST.get("username")), None)
    if person is None:
        raise NotFound("演示里没有这个人。")
    let_in(request, Account.objects.get(username=person["username"]), Factor.DEMO)
    asked = request.GET.get("next")
    workplace = person["address"] if person["address"].endswith("/desk/") else "/console/"
    return onward(request, destination_of(request) if asked else workplace)
