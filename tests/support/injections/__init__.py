"""A model that obeys whatever a text in the notebook tells it, and the texts that tell it."""
