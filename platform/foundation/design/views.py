from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.design.forms import SampleForm
from foundation.design.samples import sample_contents, sample_parts


def components(request: HttpRequest) -> HttpResponse:
    """Every component, as it is and in elder mode."""
    mode = "elder" if request.GET.get("mode") == "elder" else ""
    problems = [{"message": "「份数」应为整数。", "href": "#id_materials.1.copies"}]
    samples = {"parts": sample_parts(), "contents": sample_contents(), "problems": problems}
    return render(request, "design/components.html", {"form": SampleForm({"kind": "a"}), "mode": mode, **samples})
