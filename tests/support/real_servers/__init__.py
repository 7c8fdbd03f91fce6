"""Real servers and real data for `make test-servers`; nothing here is used by `make test`."""
