from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "tenants.assistance"
    label = "assistance"
    verbose_name = "代办"
