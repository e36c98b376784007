from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "tenants.fees"
    label = "fees"
    verbose_name = "收费"
