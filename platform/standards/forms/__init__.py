"""表单: what a form is, and all that follows from it without a page or a row.

``definition`` and ``reading``: versioned JSON; ``fields``: a class a type; ``expressions``: conditions and computed
values;
``rights``: who may do what with a field at a step; ``posted``: what is read of a request; ``results``: text, sheets,
changes, schema; ``versions``: two definitions and the way from one to the other; ``trial``; ``blocks``;
``palette``, ``designing`` and ``formulas``: what people work with who design forms.
"""
