"""查进度: where something is that somebody asked or applied for, by its number and the end of their phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from foundation.errors import NotAllowed, NotFound, TooMany
from province.citizens.operations.look_ups import begin_look_up, end_look_up
from province.halls.models import Hall
from tenants.shell.forms import LONGEST_NUMBER, ProgressForm
from tenants.shell.layouts.own import is_from_this_site, let_see, own_page
from tenants.shell.layouts.site import hall_of, site_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import PROGRESS, FoundProgress, HomeBlock, Once

# the same whichever is wrong
_NOT_FOUND = "没有找到。请核对编号和手机号后四位；记不清的，可以拨打咨询电话查询。"


@csrf_exempt
@own_page
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """The form, and what it finds. The home page has the form, too, and is kept for all: so no token guards it, but
    where the browser says that it comes from. It changes nothing for anybody but who sends it."""
    hall = hall_of(request)
    if not shown_at(PROGRESS, hall):
        raise NotFound("本站没有可以查询进度的业务。")
    # a code on paper brings the number along
    form = ProgressForm(request.POST or None, initial={"number": request.GET.get("number", "")[:LONGEST_NUMBER]})
    status = 200
    if request.method == "POST":
        if not is_from_this_site(request):
            raise NotAllowed("请在本站页面上查询。")
        status = 422
        if form.is_valid():
            try:
                found = _look_up(request, hall, form.cleaned_data["number"], form.cleaned_data["tail"])
            except TooMany as refusal:
                form.take_faults(refusal)
                status = refusal.status
            else:
                if found:
                    let_see(request, found.key)
                    return redirect(found.path)
                form.add_error(None, _NOT_FOUND)
    return site_page(request, "shell/progress.html", {"form": form}, status=status, is_own=True)


def home_blocks(hall: Hall, once: Once) -> list[HomeBlock]:  # noqa: ARG001 - the slot's signature
    """The form in one line, where the hall has something to look up."""
    if not shown_at(PROGRESS, hall):
        return []
    return [HomeBlock(25, render_to_string("shell/progress_block.html"))]


def _look_up(request: HttpRequest, hall: Hall, number: str, tail: str) -> FoundProgress | None:
    number = "".join(number.split())
    one = begin_look_up(hall_id=hall.pk, number=number, address=str(request.META.get("REMOTE_ADDR", "")))
    for find in shown_at(PROGRESS, hall):
        if found := find(hall, number, tail):
            end_look_up(one)
            return found
    return None
