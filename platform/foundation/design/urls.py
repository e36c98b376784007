from django.urls import path

from foundation.design import views

urlpatterns = [path("", views.components, name="design-components")]
