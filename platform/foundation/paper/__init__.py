"""Paper that can be handed to somebody else: a PDF in Chinese, signed so that every later change of it shows."""
