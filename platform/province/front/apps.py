from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "province.front"
    label = "front"
    verbose_name = "省级门户"
