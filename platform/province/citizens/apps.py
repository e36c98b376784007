from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "province.citizens"
    label = "citizens"
    verbose_name = "群众"
