from django.apps import AppConfig


class SatisfactionConfig(AppConfig):
    name = "province.satisfaction"
    label = "satisfaction"
    verbose_name = "好差评汇总"
