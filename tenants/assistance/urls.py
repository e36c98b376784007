from django.urls import URLPattern, URLResolver, include, path

from tenants.assistance.views import desk, filling, rest

desk_urls = [
    path("", desk.table, name="desk-assistances"),
    path("new/", desk.new, name="desk-assistance-new"),
    path("<uuid:assistance_id>/", desk.assistance, name="desk-assistance"),
    path("<uuid:assistance_id>/form/", filling.form, name="desk-assistance-form"),
    path("<uuid:assistance_id>/check/", filling.check, name="desk-assistance-check"),
    path("<uuid:assistance_id>/rest/", rest.rest, name="desk-assistance-rest"),
    path("<uuid:assistance_id>/take-back/", desk.take_back, name="desk-assistance-take-back"),
    path("<uuid:assistance_id>/end/", desk.end, name="desk-assistance-end"),
    path("<uuid:assistance_id>/drop/", desk.drop, name="desk-assistance-drop"),
    path("<uuid:assistance_id>/form/files/<uuid:file_id>/", desk.open_file, name="desk-assistance-file"),
    path("<uuid:assistance_id>/chunks/", filling.begin_file, name="desk-assistance-chunks"),
    path("<uuid:assistance_id>/chunks/<uuid:file_id>/", filling.add_piece, name="desk-assistance-chunk"),
]

hall_patterns: list[URLPattern | URLResolver] = [path("desk/assistance/", include(desk_urls))]
