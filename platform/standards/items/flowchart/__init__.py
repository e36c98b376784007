"""The flow chart of an item (事项运行流程图), drawn from its steps. It takes and gives plain data."""

from standards.items.flowchart.chart import Chart, Layout, TextStep, chart_of, draw
from standards.items.flowchart.table import FlowCell, FlowRow, FlowTable, table_of

__all__ = ["Chart", "FlowCell", "FlowRow", "FlowTable", "Layout", "TextStep", "chart_of", "draw", "table_of"]
