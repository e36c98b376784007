from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "province.halls"
    label = "halls"
    verbose_name = "服务厅"
