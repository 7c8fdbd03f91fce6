// Installs the service worker, which stores the site for offline use, and makes the page cross-origin isolated
// if its host does not do that.

const TRIED = "runt-pyodide.isolation-tried";
const PATIENCE_MS = 3000;

/**
 * Resolves when the page may go on: at once, unless the worker must isolate it. In that case the page is
 * reloaded; if isolation is not possible, the page works without it.
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
  await new Promise(() => {}); // the page is about to be reloaded
}

/** Whether the worker takes control of the page in time. @param {ServiceWorkerContainer} container */
function takesControl(container) {
  if (container.controller) return Promise.resolve(true);
  return new Promise((resolve) => {
    container.addEventListener("controllerchange", () => resolve(true), { once: true });
    setTimeout(resolve, PATIENCE_MS, false);
  });
}
