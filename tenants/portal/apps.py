from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenants.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        # imported here because models are whole only now
        from tenants.portal import tasks  # noqa: F401, PLC0415
