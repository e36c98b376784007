from django.urls import path

from tests.dummy_apps.notes import views

hall_patterns = [
    path("notes/", views.site, name="site-notes"),
    path("desk/notes/", views.desk, name="desk-notes"),
    path("desk/notes/<uuid:note_id>/", views.desk, name="desk-note"),
]
