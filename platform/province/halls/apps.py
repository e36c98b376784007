from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "province.halls"
    label = "halls"
    verbose_name = "服务厅"

    def ready(self) -> None:
        from foundation.files.keys import finds_owner  # noqa: PLC0415 - models are read first
        from province.halls.queries.halls import id_of_schema  # noqa: PLC0415

        finds_owner(id_of_schema)
