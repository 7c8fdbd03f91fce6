"""What a person gives to let us into a service, in the forms in which it is pasted (keys, headers,
addresses), and what is asked of a service once. It knows what HTTP can carry, and no service."""
