"""What is done with documents. An app that issues some calls ``issue_document``, ``revoke_document`` and
``replace_document`` in the transaction of its own act."""

from tenants.documents.operations.ending import replace_document, revoke_document
from tenants.documents.operations.issuing import issue_document
from tenants.documents.operations.templates import load_template, publish_template

__all__ = ["issue_document", "load_template", "publish_template", "replace_document", "revoke_document"]
