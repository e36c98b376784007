from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "province.content"
    label = "content"
    verbose_name = "内容"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.content.tasks import deliveries, desks, hand_over, pushes  # noqa: F401, PLC0415
