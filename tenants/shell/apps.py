from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "tenants.shell"
    label = "shell"
    verbose_name = "网站与工作台"
