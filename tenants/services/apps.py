from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tenants.services"
    label = "services"
    verbose_name = "办事服务"

    def ready(self) -> None:
        # imported here because models are whole only now
        from tenants.portal.frames.additions import adds_to_site  # noqa: PLC0415
        from tenants.portal.queries.waiting import finds_waiting  # noqa: PLC0415
        from tenants.services.queries.waiting import waiting_items  # noqa: PLC0415
        from tenants.services.views.site_additions import SERVICES  # noqa: PLC0415

        adds_to_site(SERVICES)
        finds_waiting(waiting_items)
