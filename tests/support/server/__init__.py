"""A stand-in model server on this machine: its answers, in each protocol, byte by byte."""
