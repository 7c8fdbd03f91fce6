"""What belongs to the notebook as a whole."""

from __future__ import annotations

from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import (
    fold,
)


def test_what_a_notebooks_file_holds_beside_and_the_policies_of_tools() -> None:
    in_cell = ev.PolicyScope(cell_id="c")
    notebook = fold(
        ev.NotebookJsonSet(key="kernelspec", value={"name": "ir"}),
        ev.ToolPolicySet(tool="run", policy="risky", set_by="me"),
        ev.ToolPolicySet(tool="run", policy="auto", scope=in_cell, set_by="me"),
        ev.ToolPolicySet(tool="run", policy="never", scope=in_cell, set_by="me"),
    )
    assert notebook.json == {"kernelspec": {"name": "ir"}}
    policies = {where: event.policy for where, event in notebook.policies.items()}
    assert policies == {("run", ev.PolicyScope()): "risky", ("run", in_cell): "never"}
