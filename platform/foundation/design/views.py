from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.addresses import is_page_here
from foundation.design.forms import SampleForm
from foundation.design.modes import keep_mode
from foundation.design.samples import sample_contents, sample_parts


def components(request: HttpRequest) -> HttpResponse:
    """Every component, as it is and in elder mode."""
    mode = "elder" if request.GET.get("mode") == "elder" else ""
    problems = [{"message": "「份数」应为整数。", "href": "#id_materials.1.copies"}]
    samples = {"parts": sample_parts(), "contents": sample_contents(), "problems": problems}
    return render(request, "design/components.html", {"form": SampleForm({"kind": "a"}), "mode": mode, **samples})


@require_safe
def set_mode(request: HttpRequest) -> HttpResponse:
    """Turn the elder mode on or off and go back to the page: a link works without JavaScript and sign-in."""
    back = request.GET.get("back", "/")
    response = HttpResponseRedirect(back if is_page_here(back) else "/")
    keep_mode(request, response)
    return response
