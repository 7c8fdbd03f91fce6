"""The tools that a model may call: functions of the user's, and those that act on the notebook."""
