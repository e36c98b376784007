from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "tenants.licences"
    label = "licences"
    verbose_name = "证照"
