from django.urls import URLPattern, URLResolver, include, path

from tenants.lower_halls import views

assignment_urls = [
    path("", views.assignments, name="desk-assignments"),
    path("new/", views.new_assignment, name="desk-assignment-new"),
    path("<uuid:assignment_id>/", views.assignment, name="desk-assignment"),
    *(
        path(f"<uuid:assignment_id>/{verb}/", views.act_on_assignment, {"verb": verb}, name=f"desk-assignment-{verb}")
        for verb in ("retry", "end")
    ),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("desk/lower-halls/", views.matrix, name="desk-matrix"),
    path("desk/lower-halls/guides/", views.guides, name="desk-guides-below"),
    path("desk/lower-halls/guides/<uuid:submitted_id>/", views.guide, name="desk-guide-below"),
    path("desk/lower-halls/assignments/", include(assignment_urls)),
]
