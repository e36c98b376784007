"""What can be done to items, versions, materials, offices and proposals; one noun a file."""

from province.catalogue.operations.base_list import Loaded, load_base_list, load_department, start_base_list
from province.catalogue.operations.drafts import begin_item, save_draft
from province.catalogue.operations.imports import import_items, upload_items
from province.catalogue.operations.pause_requests import (
    confirm_pause,
    decline_pause,
    propose_pause,
    withdraw_pause,
)
from province.catalogue.operations.proposals import accept_proposal, decline_proposal, propose_item
from province.catalogue.operations.publication import publish_version, withdraw_version
from province.catalogue.operations.reviews import pass_review, return_version
from province.catalogue.operations.suspension import resume_item
from province.catalogue.operations.versions import recall_version, submit_version

__all__ = [
    "Loaded",
    "accept_proposal",
    "begin_item",
    "confirm_pause",
    "decline_pause",
    "decline_proposal",
    "import_items",
    "load_base_list",
    "load_department",
    "pass_review",
    "propose_item",
    "propose_pause",
    "publish_version",
    "recall_version",
    "resume_item",
    "return_version",
    "save_draft",
    "start_base_list",
    "submit_version",
    "upload_items",
    "withdraw_pause",
    "withdraw_version",
]
