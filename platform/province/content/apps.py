from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "province.content"
    label = "content"
    verbose_name = "内容"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.content.queries.pushes import FILLED_COLUMNS  # noqa: PLC0415
        from province.content.tasks import deliveries, desks, pushes  # noqa: F401, PLC0415
        from province.halls.queries.columns import fills_columns  # noqa: PLC0415

        fills_columns(FILLED_COLUMNS)
