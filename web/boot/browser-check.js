// Checks, before anything else is loaded and in JavaScript for old browsers, that the browser has what the page
// needs, and that no other site shows the page in a frame: it could put its own page over the notebook's buttons.

(function () {
  /** @type {Record<string, unknown>} */
  const needed = {
    WebAssembly: typeof WebAssembly === "object",
    "module scripts": "noModule" in HTMLScriptElement.prototype,
    "Web Workers": typeof Worker === "function",
    popovers: "popover" in HTMLElement.prototype,
    "dialog elements": typeof HTMLDialogElement === "function",
    "Promise.withResolvers": typeof (/** @type {any} */ (Promise).withResolvers) === "function",
    "Array.prototype.findLast": typeof Array.prototype.findLast === "function",
    "the Web Crypto API": typeof crypto === "object",
  };
  const lacking = Object.keys(needed).filter(function (name) {
    return !needed[name];
  });
  if (isEmbedded()) {
    stop(
      "This notebook is not shown within another site, which could make you click what you cannot see.",
    );
  } else if (lacking.length > 0) {
    stop(
      "This notebook cannot run here: the browser lacks " +
        lacking.join(", ") +
        ". Use a current version of Firefox, Safari, Chrome or Edge.",
    );
  }

  /** Whether a page of another site shows this one, and the site's owner has not allowed that in index.html. */
  function isEmbedded() {
    const embedding = document.querySelector('meta[name="embedding"]');
    if (embedding && embedding.getAttribute("content") === "allow") return false;
    try {
      return window.top !== window && !(/** @type {Window} */ (window.top).document);
    } catch {
      return true;
    }
  }

  /** @param {string} text that is shown in place of the notebook */
  function stop(text) {
    document.documentElement.setAttribute("data-stopped", text);
    document.addEventListener("DOMContentLoaded", function () {
      const place = document.getElementById("notebook");
      if (!place) return;
      const message = document.createElement("p");
      message.className = "lacks";
      message.setAttribute("role", "alert");
      message.textContent = text;
      place.replaceChildren(message);
      if (!isEmbedded()) return;
      const link = document.createElement("a");
      link.href = location.href;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Open the notebook in a tab of its own";
      message.appendChild(document.createTextNode(" "));
      message.appendChild(link);
    });
  }
})();
