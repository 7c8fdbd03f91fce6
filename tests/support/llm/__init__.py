"""What the network would give: bytes in pieces, and a server by script."""
