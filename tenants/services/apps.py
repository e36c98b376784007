from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tenants.services"
    label = "services"
    verbose_name = "办事服务"

    def ready(self) -> None:
        # imported here because models are whole only now
        from tenants.services import tasks  # noqa: F401, PLC0415
