"""What the network would deliver: bytes in pieces, and a scripted server."""
