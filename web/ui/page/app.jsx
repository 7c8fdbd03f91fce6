// The page as a whole: the bar, the cells with places for new ones between them, and the footer.

import { Fragment } from "preact";

import { usePage } from "../../app/page.js";
import { formatTotal } from "../../app/format.js";
import { Boot } from "./boot.jsx";
import { Cell } from "../cells/cell.jsx";
import { Dialogs } from "./dialogs.jsx";
import { AskAboutFile } from "./from-file.jsx";
import { Rail } from "../rail/rail.jsx";
import { Inserter } from "../cells/inserter.jsx";
import { NoCells, WhereKept } from "./keeping.jsx";
import { Toast } from "./toast.jsx";
import { TopBar } from "./top-bar.jsx";

export function App() {
  return (
    <>
      <TopBar />
      <Rail />
      <Cells />
      <footer>
        <Total />
        <WhereKept />
      </footer>
      <Boot />
      <Toast />
      <Dialogs />
      <AskAboutFile />
      <Announcement />
    </>
  );
}

/** What only a screen reader says. */
function Announcement() {
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {usePage().announcement.value}
    </p>
  );
}

/** The tokens and the price of all AI runs together. */
function Total() {
  const { total } = usePage().signals;
  return total.runs === 0 ? null : <p data-testid="total">AI cells: {formatTotal(total)}</p>;
}

function Cells() {
  const page = usePage();
  const { order } = page.cells;
  return (
    <main>
      {order.map((id, place) => (
        <Fragment key={id}>
          <Inserter after={order[place - 1] ?? null} />
          <Cell id={id} number={place + 1} />
        </Fragment>
      ))}
      {order.length === 0 && <NoCells />}
      <Inserter after={order.at(-1) ?? null} isEnd />
    </main>
  );
}
