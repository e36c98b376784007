from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "province.audit"
    label = "audit"
    verbose_name = "审计"
