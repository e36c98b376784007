"""Which departments of this hall others may ask for an opinion (联办), and which of theirs this one may ask."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from province.cases.queries.opinions import offered_units, opinion_givers
from province.halls.models import Hall
from province.people.queries.units import unit_choices
from tenants.casework.forms.joint import OpinionOffersForm, giver_value
from tenants.casework.layouts import at_setups
from tenants.casework.operations.opinion_offers import offer_opinions
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}


def givers_elsewhere(hall: Hall) -> list[tuple[str, str]]:
    """(value, name), as forms offer them."""
    return [(giver_value(one.hall.pk, one.unit_id), one.name) for one in opinion_givers(hall)]


@at_setups
@require_http_methods(["GET", "POST"])
def offers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the departments that can be asked."""
    form = OpinionOffersForm(
        request.POST if request.method == "POST" else None,
        choices=unit_choices(desk.hall.pk),
        initial={"units": [giver_value(None, one) for one in offered_units(desk.hall)]},
    )
    if form.carry_out(lambda data: offer_opinions(by=desk.by, hall=desk.hall, **data)) is not None:
        messages.success(request, "已保存。")
        return redirect("desk-opinion-offers")
    context = {"form": form, "givers": opinion_givers(desk.hall)}
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/opinion_offers.html", _PLACE | context, status=status)
