from django.urls import URLPattern, URLResolver, include, path

from tenants.documents.views import issued, site, templates

desk_urls = [
    path("", issued.table, name="desk-documents"),
    path("<uuid:document_id>/", issued.document, name="desk-document"),
    path("<uuid:document_id>/open/", issued.open_file, name="desk-document-open"),
]

template_urls = [
    path("", templates.table, name="desk-document-kinds"),
    path("<slug:kind>/", templates.kind, name="desk-document-kind"),
    path("<slug:kind>/rule/", templates.number_rule, name="desk-document-rule"),
    path("<slug:kind>/own/publish/", templates.publish, name="desk-document-default-publish"),
    path("<slug:kind>/own/sample.pdf", templates.preview, name="desk-document-default-sample"),
    path("<slug:kind>/own/template.docx", templates.download, name="desk-document-default-template"),
    path("<slug:kind>/province/sample.pdf", templates.preview, {"is_given": True}, name="desk-document-given-sample"),
    path(
        "<slug:kind>/province/template.docx",
        templates.download,
        {"is_given": True},
        name="desk-document-given-template",
    ),
    path("<slug:kind>/<uuid:version_id>/publish/", templates.publish, name="desk-document-version-publish"),
    path("<slug:kind>/<uuid:version_id>/sample.pdf", templates.preview, name="desk-document-version-sample"),
    path("<slug:kind>/<uuid:version_id>/template.docx", templates.download, name="desk-document-version-template"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("verify/", site.verify, name="site-verify"),
    path("verify/<slug:code>/", site.verified, name="site-verified"),
    path("desk/documents/", include(desk_urls)),
    path("desk/document-templates/", include(template_urls)),
]
