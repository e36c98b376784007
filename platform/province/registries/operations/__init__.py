from province.registries.operations.documents import DocumentFacts, report_document

__all__ = ["DocumentFacts", "report_document"]
