// The notebook that a new visitor sees, and the Test provider's answers in it.

/** @import { TestConfig, WireEvent } from "../../js/types.d.ts" */

/**
 * @typedef {object} Notes
 * @property {WireEvent[]} events
 * @property {TestConfig} testConfig
 */

const INTRODUCTION = `\
## A notebook with AI cells

Everything here runs in this tab: the notebook, Python, and the loop that talks to a model. There is
no server in between. An AI cell sees the cells above it, and can write, change and run cells; it asks
before it runs one. Run a cell with **Shift+Enter**, or with its Run button; **Stop** ends an answer at once
and keeps what was written so far.

The answers below come from the **Test provider**: they are scripted, need no key, and are the same
each time. For a real model, choose a provider at the top right.`;

const DATA = `\
# Visitors and loans of a town library, one week in March
days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
visitors = [118, 141, 236, 129, 152, 274]
loans = [164, 203, 251, 188, 240, 309]

for day, people, items in zip(days, visitors, loans):
    print(f"{day}  {people} visitors  {items} loans  {items / people:.2f} each")`;

const FIRST_PROMPT = "What stands out in these numbers, and how would you plot them?";

const FIRST_ANSWER = `\
### What stands out

1. **Two busy days.** Wednesday and Saturday bring 510 of the 1,050 visitors: nearly half.
2. **Loans do not follow visitors.** On Friday each visitor takes 1.6 items home, on Wednesday 1.1.
3. **Monday is quiet**, in visitors and in loans.

| Day | Visitors | Loans per visitor |
|---|---:|---:|
| Monday | 118 | 1.39 |
| Wednesday | 236 | 1.06 |
| Friday | 152 | 1.58 |
| Saturday | 274 | 1.13 |

### How to plot it

Bars show the two busy days at a glance. In a Python cell:

\`\`\`python
from IPython.display import SVG

bars = "".join(
    f'<rect x="{i * 50}" y="{140 - people / 2}" width="40" height="{people / 2}"/>'
    f'<text x="{i * 50 + 20}" y="156" text-anchor="middle">{day}</text>'
    for i, (day, people) in enumerate(zip(days, visitors))
)
SVG(
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="160"'
    f' fill="steelblue" font-family="sans-serif" font-size="13">{bars}</svg>'
)
\`\`\`

One week is not much data: compare several before you move staff from Monday to Wednesday.

*Scripted by the Test provider; no model was asked.*`;

const SECOND_PROMPT = "Create a Python cell that plots a sine wave.";

const SINE = `\
from math import sin, tau

from IPython.display import SVG

points = " ".join(f"{x},{90 - 80 * sin(2 * tau * x / 480):.1f}" for x in range(481))
SVG(
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="180" fill="none">'
    '<path d="M0 90h480" stroke="#888"/>'
    f'<polyline points="{points}" stroke="steelblue" stroke-width="2"/></svg>'
)`;

const SECOND_ANSWER = `\
The new cell draws two periods of a sine wave as an SVG picture, with nothing but the standard library. Change
\`tau\` to \`3 * tau\` for more periods.

*Scripted by the Test provider; no model was asked.*`;

/** @type {[cellType: "markdown" | "code" | "ai", source: string][]} */
const CELLS = [
  ["markdown", INTRODUCTION],
  ["code", DATA],
  ["ai", FIRST_PROMPT],
  ["ai", SECOND_PROMPT],
];

/** @type {TestConfig} */
const testConfig = {
  responses: [
    { prompt: FIRST_PROMPT, text: FIRST_ANSWER },
    {
      prompt: SECOND_PROMPT,
      turns: [
        {
          text: "I’ll write the cell and run it.",
          toolCalls: [{ name: "create_cell", arguments: { cellType: "code", source: SINE } }],
        },
        { toolCalls: [{ name: "execute_cell", arguments: { cellId: "{{call_1.cell_id}}" } }] },
        { text: SECOND_ANSWER },
      ],
    },
  ],
  delay: 0.03,
};

/**
 * @param {string | null} name "empty", or null for the welcome notebook
 * @returns {Notes}
 */
export function startingNotebook(name) {
  if (name === "empty") return { events: [], testConfig };
  const createdBy = "welcome";
  const events = CELLS.flatMap(([cellType, source], i) => {
    const id = `welcome-${i + 1}`;
    const fractionalIndex = "fijklmnopq"[i];
    /** @type {WireEvent[]} */
    const events = [
      { name: "v2.CellCreated", args: { id, cellType, fractionalIndex, createdBy } },
      { name: "v1.CellSourceChanged", args: { id, source, modifiedBy: createdBy } },
    ];
    return events;
  });
  /** @type {WireEvent} */
  const title = { name: "v1.NotebookTitleChanged", args: { title: "A week at the library" } };
  return { events: [title, ...events], testConfig };
}
