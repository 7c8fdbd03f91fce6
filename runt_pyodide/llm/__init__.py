"""Services that answer prompts, behind one interface: providers, their wires and transports.

Knows chat messages and what services send and refuse. Knows nothing of notebooks, cells or events.
"""
