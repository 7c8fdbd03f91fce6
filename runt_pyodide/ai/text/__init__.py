"""How cells, outputs and values read to a model, and how much of them it is told."""
