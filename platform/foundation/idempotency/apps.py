from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "foundation.idempotency"
    label = "idempotency"
    verbose_name = "幂等键"
