// The current time, for elapsed times and countdowns.

import { useEffect, useState } from "preact/hooks";

/** Returns the time, updated every second while it matters. @param {boolean} isTicking */
export function useNow(isTicking) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
