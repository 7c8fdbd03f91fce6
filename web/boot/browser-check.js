// Checks that the browser has what the page needs, before anything else is loaded, in JavaScript for old browsers.

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
  if (lacking.length === 0) return;
  document.documentElement.setAttribute("data-lacks", lacking.join(", "));
  document.addEventListener("DOMContentLoaded", function () {
    const place = document.getElementById("notebook");
    if (!place) return;
    const text =
      "This notebook cannot run here: the browser lacks " +
      lacking.join(", ") +
      ". Use a current version of Firefox, Safari, Chrome or Edge.";
    const message = document.createElement("p");
    message.className = "lacks";
    message.setAttribute("role", "alert");
    message.textContent = text;
    place.replaceChildren(message);
  });
})();
