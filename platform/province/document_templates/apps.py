from django.apps import AppConfig


class DocumentTemplatesConfig(AppConfig):
    name = "province.document_templates"
    label = "document_templates"
    verbose_name = "省级文书模板"
