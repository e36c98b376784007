from django.urls import path

from tests.dummy_apps.notices import views

shared_patterns = [path("notices/everywhere/", views.everywhere, name="notices-everywhere")]
province_patterns = [
    path("console/notices/", views.notices, name="console-notices"),
    path("console/notice-archive/", views.notices, name="console-notice-archive"),
]
hall_patterns = [path("notices/", views.at_halls, name="hall-notices")]
