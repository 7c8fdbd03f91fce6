"""Tables of any library, as data that a page shows: their first rows in an output, and all of them
by pages while the session lives. This knows the notebook's outputs, and imports no library of
tables that a cell has not imported."""
