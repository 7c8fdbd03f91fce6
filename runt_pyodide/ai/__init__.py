"""What makes a cell's prompt into an answer: context, turns, reply."""
