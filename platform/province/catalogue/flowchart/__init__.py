"""The flow chart of an item (事项运行流程图), drawn from its steps. It takes and gives plain data."""

from province.catalogue.flowchart.chart import Chart, Layout, TextStep, chart_of, draw
from province.catalogue.flowchart.table import Cell, FlowTable, Row, table_of

__all__ = ["Cell", "Chart", "FlowTable", "Layout", "Row", "TextStep", "chart_of", "draw", "table_of"]
