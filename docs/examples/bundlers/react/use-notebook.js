// A notebook in a React component: `nb` is read while drawing, and every change of it draws again.

import { useEffect, useReducer, useState } from "react";
import { memoryStore, startRuntime } from "runt-pyodide";
import { openNotebook } from "runt-pyodide/notebook";

export function useNotebook(options) {
  const [{ store, nb }] = useState(() => {
    const store = memoryStore();
    return { store, nb: openNotebook(store) };
  });
  const [python, setPython] = useState({ status: "loading" });
  const [, draw] = useReducer((count) => count + 1, 0);
  useEffect(() => nb.subscribe(draw), [nb]);
  useEffect(() => {
    let starting;
    const tell = (news) => setPython((known) => ({ ...known, ...news }));
    // Not at once: in strict mode React mounts everything, takes it away, and mounts it again.
    const timer = setTimeout(() => {
      const onStatus = (status, reason) => tell({ status, reason });
      starting = startRuntime({ ...options, store, onStatus });
      starting.then(
        (runtime) => tell({ runtime }),
        (error) => tell({ status: "failed", reason: error.message }),
      );
    });
    return () => {
      clearTimeout(timer);
      starting?.then((runtime) => runtime.stop()).catch(() => {});
    };
  }, [store]); // the options are those of the first time
  return { nb, ...python };
}
