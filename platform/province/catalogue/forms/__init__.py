"""Forms over an item's elements, for the province's part and for a hall's."""

from province.catalogue.forms.item_form import FileStore, FormPart, ItemForm

__all__ = ["FileStore", "FormPart", "ItemForm"]
