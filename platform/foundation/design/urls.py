from django.conf import settings
from django.urls import path

from foundation.design import views

# for who builds pages: readers have nothing to look for there
province_patterns = [path("design/", views.components, name="design-components")] if settings.SHOWS_DESIGN else []
