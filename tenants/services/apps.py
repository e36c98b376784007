from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tenants.services"
    label = "services"
    verbose_name = "办事服务"
