from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.design.forms import SampleForm


def components(request: HttpRequest) -> HttpResponse:
    """Every component, as it is and in elder mode."""
    mode = "elder" if request.GET.get("mode") == "elder" else ""
    return render(request, "design/components.html", {"form": SampleForm({"kind": "a"}), "mode": mode})
