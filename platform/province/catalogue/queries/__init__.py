"""What is known of items."""

from province.catalogue.queries.base_list import BaseItem, read_base_list

__all__ = ["BaseItem", "read_base_list"]
