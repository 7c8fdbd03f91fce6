"""Words events for the runt notebooks' own application, by its rules of what is shown and how.

It appends deltas to Markdown outputs alone, joins neighbouring outputs of a stream and neighbouring
Markdown outputs, takes an output that is added again for the same one, and shows a box that says
that there is nothing to show for a bundle of which it knows no type.
"""
