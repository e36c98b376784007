from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "province.cases"
    label = "cases"
    verbose_name = "办件汇总"
