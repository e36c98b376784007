from django.urls import URLPattern, URLResolver, include, path

from tenants.workflow.views import runs

run_urls = [
    path("<uuid:run_id>/", runs.run, name="desk-run"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("desk/runs/", include(run_urls)),
]
