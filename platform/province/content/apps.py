from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "province.content"
    label = "content"
    verbose_name = "内容"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.content.queries.manuscripts import manuscripts_owned_by  # noqa: PLC0415
        from province.content.queries.overview import texts_waiting  # noqa: PLC0415
        from province.content.queries.pushes import FILLED_COLUMNS  # noqa: PLC0415
        from province.content.queries.search import find_accounts, find_halls, find_texts, finds  # noqa: PLC0415
        from province.content.queries.waiting import counts_waiting  # noqa: PLC0415
        from province.halls.queries.columns import fills_columns  # noqa: PLC0415
        from province.identity.queries.work import counts_work  # noqa: PLC0415

        fills_columns(FILLED_COLUMNS)
        counts_work("稿件", manuscripts_owned_by)
        counts_waiting(texts_waiting)
        finds("halls.manage", find_halls)
        finds("content.read", find_texts)
        finds("accounts.manage", find_accounts)
