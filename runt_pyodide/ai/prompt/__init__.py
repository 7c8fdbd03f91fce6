"""What a model is sent: the notebook, the history, the type of its answer."""
