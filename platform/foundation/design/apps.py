from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "foundation.design"
    label = "design"
    verbose_name = "界面"
