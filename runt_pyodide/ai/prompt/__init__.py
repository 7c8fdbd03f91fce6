"""What a model is sent: the notebook above the prompt, the run so far, the type of the answer.
Knows what runs wrote down (`record`). Does not know how requests are sent."""
