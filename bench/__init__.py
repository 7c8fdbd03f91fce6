"""The benchmark of the streaming pipeline against its peers: `make bench`."""
