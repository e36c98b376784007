from province.document_templates.operations.templates import (
    load_province_template,
    publish_province_template,
    withdraw_province_template,
)

__all__ = ["load_province_template", "publish_province_template", "withdraw_province_template"]
