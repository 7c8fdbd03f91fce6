"""What an AI run leaves in the outputs of its cell: only these modules write, read, undo and resume
it."""
