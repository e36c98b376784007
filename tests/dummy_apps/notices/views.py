from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.console.access import actor_of_request
from province.console.slots import Action, Figure, OverviewShare
from province.rights.actors import Actor


def notices(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, "notices.read")
    return render(request, "notices/notices.html")


def everywhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("通告到处都有")


def at_halls(request: HttpRequest) -> HttpResponse:
    return HttpResponse("通告在各厅")


def overview_share(by: Actor) -> OverviewShare:
    card = render_to_string("notices/card.html", {"name": by.name})
    return OverviewShare(
        figures=(Figure(7, "通告数", "/console/notices/"),),
        actions=(Action("新建通告", "/console/notices/", "plus"),),
        left=(card,),
        is_beginning=True,
    )


def banner(request: HttpRequest) -> SafeString:
    return render_to_string("notices/banner.html", request=request)
