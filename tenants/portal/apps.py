from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenants.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.content.queries.previews import makes_previews  # noqa: PLC0415
        from province.identity.queries.work import names_work  # noqa: PLC0415
        from tenants.portal import tasks  # noqa: F401, PLC0415
        from tenants.portal.operations.articles import ARTICLE  # noqa: PLC0415
        from tenants.portal.views.previews import render_preview  # noqa: PLC0415

        makes_previews(render_preview)
        names_work(ARTICLE, "本厅文章（未完成）")
