from django.urls import path

from province.satisfaction.views import places

province_patterns = [path("console/ratings/", places.page, name="console-satisfaction")]
