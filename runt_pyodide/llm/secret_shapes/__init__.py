"""What the secrets of services look like, as data, and how a text is rid of them. It knows nothing
else of the project."""
