"""What an AI run leaves in the outputs of its cell: written, read, undone, resumed here alone."""
