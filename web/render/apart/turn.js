// How long the page may draw before it lets people scroll and type again.

const TURN_MS = 100;
let end = 0;

/** Whether there is time left in this turn of the event loop. What finds none comes back later, or asks a worker. */
export function hasTime() {
  const now = performance.now();
  if (end === 0) {
    end = now + TURN_MS;
    setTimeout(() => (end = 0));
  }
  return now < end;
}
