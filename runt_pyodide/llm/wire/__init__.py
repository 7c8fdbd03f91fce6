"""Bytes in, values out: parsers and readers that neither wait nor do I/O."""
