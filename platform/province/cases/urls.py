from django.urls import path

from province.cases.views import summary

province_patterns = [
    path("console/cases/", summary.page, name="console-case-summary"),
    path("console/cases/listed/", summary.cases, name="console-case-list"),
]
