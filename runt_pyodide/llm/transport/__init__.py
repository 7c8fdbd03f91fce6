"""HTTP as providers need it: one request, one answer whose body comes in pieces.

Knows bytes and why none came. Only `pyfetch` knows the browser.
"""
