"""Checks a page with axe-core, which knows the rules of accessibility."""

from __future__ import annotations

from playwright.sync_api import Page

from scripts.paths import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
RUN = """async () => {
  const { violations } = await axe.run(document, { iframes: false });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((it) => it.html).join(" | ")}`);
}"""


def serious_faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    faults: list[str] = page.evaluate(RUN)
    return faults
