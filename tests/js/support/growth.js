// How the time of a function grows with its text: as a ratio, in processor time, so that other programs do not count.

/** How much longer the longer text is. */
const TIMES = 8;
/** A linear function takes 8 times as long, a quadratic one 64 times. */
export const LINEAR = 24;
/** Shorter times are those of the clock. */
const SHORTEST_MS = 4;

/**
 * @param {(size: number) => string} make a text of about so many characters
 * @param {(text: string) => unknown} read
 * @param {number} size of the shorter text
 * @returns {number} how many times longer it takes for eight times the text
 */
export function growth(make, read, size) {
  const [short, long] = [make(size), make(size * TIMES)];
  read(short); // warm
  return (
    fastest(() => read(long)) /
    Math.max(
      SHORTEST_MS,
      fastest(() => read(short)),
    )
  );
}

/** @param {() => unknown} act @returns {number} milliseconds */
function fastest(act) {
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

/** @param {string} pump @returns {(size: number) => string} that repeats it */
export const repeated = (pump) => (size) => pump.repeat(Math.ceil(size / pump.length));
