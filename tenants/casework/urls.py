from django.urls import URLPattern, URLResolver, include, path

from tenants.casework.views import desk, setups

desk_urls = [
    path("", desk.table, name="desk-cases"),
    path("new/", desk.new, name="desk-case-new"),
    path("setups/", setups.table, name="desk-case-setups"),
    path("setups/<uuid:setup_id>/", setups.setup, name="desk-case-setup"),
    path("<uuid:case_id>/", desk.case, name="desk-case"),
    path("<uuid:case_id>/materials/", desk.materials, name="desk-case-materials"),
    path("<uuid:case_id>/files/<uuid:upload_id>/", desk.open_file, name="desk-case-file"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("desk/cases/", include(desk_urls)),
]
