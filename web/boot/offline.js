// The page's service worker: it keeps the site for when there is no network, and isolates the page
// where its host does not.

const TRIED = "runt-pyodide.isolation-tried";
const PATIENCE_MS = 3000;

/**
 * Resolves when the page may go on: at once, unless it is to be isolated by the worker. Then it is
 * loaded once more; it works without isolation too, if that cannot be had.
 */
export async function installServiceWorker() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const installed = serviceWorker.register("service-worker.js").catch((error) => {
    console.warn("The page cannot be stored for offline use.", error);
  });
  if (crossOriginIsolated || sessionStorage.getItem(TRIED)) return;
  if (!(await installed) || !(await takesControl(serviceWorker))) return;
  sessionStorage.setItem(TRIED, "yes");
  location.reload();
  await new Promise(() => {}); // the page is about to go
}

/** Whether the worker stands before the page, in good time. @param {ServiceWorkerContainer} container */
function takesControl(container) {
  if (container.controller) return Promise.resolve(true);
  return new Promise((resolve) => {
    container.addEventListener("controllerchange", () => resolve(true), { once: true });
    setTimeout(resolve, PATIENCE_MS, false);
  });
}
