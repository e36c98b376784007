from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "tenants.engagement"
    label = "engagement"
    verbose_name = "互动交流"
