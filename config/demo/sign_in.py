"""One click signs in a person of the demo. Neither the address nor the buttons exist where YIZHAN_DEMO is off."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from config.demo import has_demo, people
from foundation.errors import NotFound
from province.identity.models import Account, Factor
from province.identity.views.entry import destination_of, let_in, onward


def demo_cast(_: HttpRequest) -> dict[str, object]:
    """For the sign-in page: who there is."""
    return {"demo_cast": SimpleLazyObject(_cast)}


def _cast() -> list[dict[str, str]]:
    """Those whose accounts are there and open: ``people()``, each with a name."""
    if not has_demo():
        return []
    cast = people()
    open_accounts = Account.objects.filter(username__in=[one["username"] for one in cast], is_active=True)
    names = dict(open_accounts.values_list("username", "name"))
    return [one | {"name": names[one["username"]]} for one in cast if one["username"] in names]


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """``username``: one of the cast. They go where they work, unless they were on their way to somewhere else."""
    person = next((one for one in _cast() if one["username"] == request.POST.get("username")), None)
    if person is None:
        raise NotFound("演示里没有这个人。")
    let_in(request, Account.objects.get(username=person["username"]), Factor.DEMO)
    asked = request.GET.get("next")
    workplace = person["address"] if person["address"].endswith("/desk/") else "/console/"
    return onward(request, destination_of(request) if asked else workplace)
