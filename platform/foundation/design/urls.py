from django.urls import path

from foundation.design import views

province_patterns = [path("design/", views.components, name="design-components")]
