from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "province.console"
    label = "console"
    verbose_name = "管理端"
