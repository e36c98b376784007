from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "tenants.workflow"
    label = "workflow"
    verbose_name = "表单和流程"
