"""Real tqdm in real Pyodide: its bars are text that moves, and warn of nothing."""

from __future__ import annotations

from typing import Any

from pytest_pyodide import run_in_pyodide


@run_in_pyodide(packages=["tqdm", "ipython"])
async def show_bars(selenium_runt: Any) -> dict[str, str]:
    """Return what cells with bars print, and what their displays show in the end."""
    from runt_pyodide.bridge import PyodidePackages, PythonCell
    from runt_pyodide.execution.runner import Runner
    from runt_pyodide.notebook import events as ev
    from runt_pyodide.notebook.clock import Clock
    from runt_pyodide.notebook.log import EventLog

    log = EventLog(lambda _: None)
    runner = Runner(log, Clock(), {"code": PythonCell(PyodidePackages())}, "s", 0.05)
    told = {}
    for module in ("notebook", "auto", "std", "autonotebook"):
        source = (
            f"from tqdm.{module} import tqdm, trange\n"
            "for i in tqdm(range(3), desc='bar'):\n"
            "    for j in trange(2, leave=False): pass\n"
        )
        log.commit(
            [
                ev.CellCreated(id=module, cell_type="code", fractional_index="a", created_by="me"),
                ev.CellSourceChanged(id=module, source=source, modified_by="me"),
            ]
        )
        run = await runner.run_cell(module, "me")
        outputs = log.notebook.outputs_of(module)
        shown = [
            one.text or one.error or {mime: each.data for mime, each in one.bundle.items()}  # type: ignore[union-attr]
            for one in outputs
        ]
        told[module] = repr((run.outcome, shown))
    return told


def test_bars_are_text_that_moves(selenium_runt: Any) -> None:
    told = show_bars(selenium_runt)
    for module, shown in told.items():
        assert "success" in shown, shown
        assert "bar: 100%" in shown, (module, shown)
        assert "3/3" in shown
        assert "Warning" not in shown or module == "autonotebook", shown
    assert "\\r" not in told["notebook"] + told["auto"]
