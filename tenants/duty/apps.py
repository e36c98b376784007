from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "tenants.duty"
    label = "duty"
    verbose_name = "值班表"
