"""流程: what a flow is, and all that follows from it without a page or a row.

``definition``: versioned JSON, one for drawing, table and engine; ``nodes`` and ``people``: what stands in it.
"""
