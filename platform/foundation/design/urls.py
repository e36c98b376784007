from django.conf import settings
from django.urls import path

from foundation.design import views

shared_patterns = [path("mode/", views.set_mode, name="site-mode")]
# for who builds pages: readers have nothing to look for there
_developers = [path("design/", views.components, name="design-components")]
province_patterns = _developers if settings.IS_FOR_THIS_MACHINE else []
