from django.urls import URLPattern, URLResolver, include, path

from tenants.duty.views import requests, roster, shifts, swaps

duty_urls = [
    path("", roster.month, name="desk-duty"),
    path("edit/", roster.edit, name="desk-duty-edit"),
    path("import/", roster.upload, name="desk-duty-import"),
    path("turns/<uuid:turn_id>/swap/", swaps.swap, name="desk-duty-swap"),
    path("mine/", requests.mine, name="desk-duty-mine"),
    path("turns/<uuid:turn_id>/ask/", requests.ask, name="desk-duty-ask"),
    path("requests/<uuid:request_id>/", requests.swap_request, name="desk-duty-request"),
    *(
        path(f"requests/<uuid:request_id>/{verb}/", requests.answer, {"verb": verb}, name=f"desk-duty-request-{verb}")
        for verb in ("agree", "refuse", "withdraw", "confirm", "decline")
    ),
    path("shifts/", shifts.table, name="desk-duty-shifts"),
    path("shifts/new/", shifts.new, name="desk-duty-shift-new"),
    path("shifts/<uuid:shift_id>/", shifts.shift, name="desk-duty-shift"),
    *(
        path(f"shifts/<uuid:shift_id>/{verb}/", shifts.use, {"verb": verb}, name=f"desk-duty-shift-{verb}")
        for verb in ("use", "end")
    ),
]

hall_patterns: list[URLPattern | URLResolver] = [path("desk/duty/", include(duty_urls))]
