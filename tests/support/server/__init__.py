"""A stand-in model server on this machine: what it answers, in which protocol, byte by byte."""
