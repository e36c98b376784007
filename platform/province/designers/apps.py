from django.apps import AppConfig


class DesignersConfig(AppConfig):
    name = "province.designers"
    label = "designers"
    verbose_name = "表单和流程设计器"
