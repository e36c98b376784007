from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "foundation.sealing"
    label = "sealing"
    verbose_name = "数据密钥"
