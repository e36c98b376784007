from django.urls import path

from province.messaging.views import notices

# on every host
shared_patterns = [
    path("account/notices/", notices.notices, name="account-notices"),
    path("account/notices/read/", notices.read_all, name="account-notices-read"),
    path("account/notices/kinds/", notices.kinds, name="account-notice-kinds"),
    path("account/notices/<uuid:notice_id>/", notices.open_notice, name="account-notice"),
    path("account/notices/<uuid:notice_id>/read/", notices.read_one, name="account-notice-read"),
]
