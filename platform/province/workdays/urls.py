from django.urls import path

from province.workdays.views import calendars, hall_days

province_patterns = [
    path("console/workdays/", calendars.page, name="console-workdays"),
    path("console/workdays/turn/", calendars.turn, name="console-workdays-turn"),
    path("console/workdays/halls/", hall_days.page, name="console-workdays-halls"),
    path("console/workdays/notice/", calendars.notice, name="console-workdays-notice"),
    path("console/workdays/upload/", calendars.upload, name="console-workdays-upload"),
    path("console/workdays/<uuid:calendar_id>/", calendars.version, name="console-workdays-version"),
    path("console/workdays/<uuid:calendar_id>/publish/", calendars.publish, name="console-workdays-publish"),
    path("console/workdays/<uuid:calendar_id>/discard/", calendars.discard, name="console-workdays-discard"),
]
