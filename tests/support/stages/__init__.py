"""What a test runs a part on: an agent, a page, a shell, a session, and a world in its hand."""
