from django.apps import AppConfig


class LowerHallsConfig(AppConfig):
    name = "tenants.lower_halls"
    label = "lower_halls"
    verbose_name = "下级服务厅"
