"""A request as its model takes it: what services ask to be changed, the changes, and what has been
learnt of each model. It knows messages and errors, and no service's bodies."""
