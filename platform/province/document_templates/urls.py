from django.urls import include, path

from province.document_templates.views import templates

_kind_urls = [
    path("", templates.kind, name="console-document-kind"),
    path("withdraw/", templates.withdraw, name="console-document-withdraw"),
    path("built-in/sample.pdf", templates.preview, name="console-document-default-sample"),
    path("built-in/template.docx", templates.download, name="console-document-default-template"),
    path("<uuid:version_id>/publish/", templates.publish, name="console-document-version-publish"),
    path("<uuid:version_id>/sample.pdf", templates.preview, name="console-document-version-sample"),
    path("<uuid:version_id>/template.docx", templates.download, name="console-document-version-template"),
]

province_patterns = [
    path("console/document-templates/", templates.table, name="console-document-kinds"),
    path("console/document-templates/<slug:kind>/", include(_kind_urls)),
]
