from django.urls import path

from province.cases.views import summary

province_patterns = [
    path("console/cases/", summary.page, name="console-cases"),
    path("console/cases/listed/", summary.cases, name="console-cases-listed"),
]
