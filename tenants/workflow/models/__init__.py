"""Rows of forms, of flows and of what runs of them. Values of forms are sealed under the hall's data key."""

from tenants.workflow.models.batches import WorkBatch
from tenants.workflow.models.calls import PluginCall
from tenants.workflow.models.designs import Design
from tenants.workflow.models.filled import FilledForm, FilledMoment, FormUpload, PartialUpload
from tenants.workflow.models.flows import Flow, FlowRevision, FlowVersion
from tenants.workflow.models.forms import Form, FormVersion
from tenants.workflow.models.phrases import OpinionPhrases
from tenants.workflow.models.places import HallPlace
from tenants.workflow.models.runs import Run, RunAct, RunCopy, WorkCandidate, WorkItem

__all__ = [
    "Design",
    "FilledForm",
    "FilledMoment",
    "Flow",
    "FlowRevision",
    "FlowVersion",
    "Form",
    "FormUpload",
    "FormVersion",
    "HallPlace",
    "OpinionPhrases",
    "PartialUpload",
    "PluginCall",
    "Run",
    "RunAct",
    "RunCopy",
    "WorkBatch",
    "WorkCandidate",
    "WorkItem",
]
