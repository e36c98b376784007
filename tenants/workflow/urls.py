from django.urls import URLPattern, URLResolver, include, path

from tenants.workflow.views import desk_fill, desk_preview, desk_sent, site_fill

site_urls = [
    path("", site_fill.forms, name="site-forms"),
    path("<uuid:form_id>/", site_fill.begin, name="site-form"),
    path("filled/<uuid:filled_id>/", site_fill.filled, name="site-filled"),
    path("filled/<uuid:filled_id>/check/", site_fill.check, name="site-filled-check"),
    path("filled/<uuid:filled_id>/drop/", site_fill.drop, name="site-filled-drop"),
    path("filled/<uuid:filled_id>/paper/", site_fill.paper, name="site-filled-paper"),
    path("filled/<uuid:filled_id>/files/<uuid:upload_id>/", site_fill.open_upload, name="site-filled-file"),
    path("filled/<uuid:filled_id>/parts/<slug:part>/", site_fill.part, name="site-filled-part"),
]

desk_urls = [
    path("fill/", desk_fill.fillings, name="desk-fillings"),
    path("filled/<uuid:filled_id>/", desk_fill.filling, name="desk-filling"),
    path("filled/<uuid:filled_id>/drop/", desk_fill.drop, name="desk-filling-drop"),
    path("filled/<uuid:filled_id>/paper/", desk_fill.paper, name="desk-filling-paper"),
    path("filled/<uuid:filled_id>/files/<uuid:upload_id>/", desk_fill.open_upload, name="desk-filling-file"),
    path("<uuid:form_id>/preview/", desk_preview.preview, name="desk-form-preview"),
    path("<uuid:form_id>/fill/", desk_fill.begin, name="desk-form-begin"),
    path("<uuid:form_id>/sent/", desk_sent.table, name="desk-form-sent"),
    path("<uuid:form_id>/sent/export/", desk_sent.export, name="desk-form-sent-export"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("forms/", include(site_urls)),
    path("desk/forms/", include(desk_urls)),
]
