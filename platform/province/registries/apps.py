from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "province.registries"
    label = "registries"
    verbose_name = "文书登记"
