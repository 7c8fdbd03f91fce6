"""What a service complains of: found in its answer, sorted, and read for numbers and waits.

Knows the words and shapes of services and the errors that they stand for. Does no I/O.
"""
