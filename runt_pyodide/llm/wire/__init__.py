"""Bytes in, values out: parsers that neither wait nor read."""
