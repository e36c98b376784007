from django.urls import URLPattern, path

from tenants.services.views import county

county_urls: list[URLPattern] = [
    path("desk/items/matrix/", county.matrix, name="desk-matrix"),
    path("desk/items/assignments/", county.assignments, name="desk-assignments"),
    path("desk/items/assignments/new/", county.new_assignment, name="desk-assignment-new"),
    path("desk/items/assignments/<uuid:assignment_id>/", county.assignment, name="desk-assignment"),
    *(
        path(
            f"desk/items/assignments/<uuid:assignment_id>/{verb}/",
            county.act_on_assignment,
            {"verb": verb},
            name=f"desk-assignment-{verb}",
        )
        for verb in ("retry", "end")
    ),
]

urlpatterns = [*county_urls]
