"""What is filled in about a flow and its nodes where it is designed."""
