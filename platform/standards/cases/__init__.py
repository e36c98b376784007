"""Records of cases in the national exchange: what their tables and columns are, whether a record fits, and its
documents as XML and JSON.

It takes and gives plain data and knows neither a model nor Django.
"""

from standards.cases.checking import check_rows, faults_of
from standards.cases.tables import CaseTable, Rows
from standards.cases.writing import plain_rows, write_case_json, write_case_xml

__all__ = ["CaseTable", "Rows", "check_rows", "faults_of", "plain_rows", "write_case_json", "write_case_xml"]
