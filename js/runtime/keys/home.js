// The address that a key was given for, and whether a request goes there. It is compared on the page, since code in a
// cell may have changed what Python takes for the address.

/** @typedef {{ protocols: string[], hostname: string, ports: string[], path: string }} Home */

const PORTS = { "http:": "80", "https:": "443" };
const OLLAMA_PORT = "11434";
// What the paths of APIs end with. The same key is for the other paths of the API, not for what lies beside it.
const API_WORD =
  /^(?:v\d+\w*|api|openai|inference|deployments|chat|completions|responses|messages|models|embeddings)$/i;
// Names and addresses within one's own network, as Python's llm/access/address.py has them.
const LOCAL_NAME =
  /^(?:[^.]+|(?:.*\.)?(?:localhost|local|internal|home\.arpa|lan|home|intranet|corp))$/i;
const LOCAL_ADDRESS =
  /^(?:127|10|0|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[(?:::1?|f[cd]|fe[89ab])/i;

/**
 * Reads the address of a provider as a person may have pasted it.
 * @param {string} baseUrl
 * @param {string} [type] of the provider
 * @returns {Home | undefined} undefined if no server can be at it
 */
export function homeOf(baseUrl, type = "") {
  const text = baseUrl.trim();
  const [given] = /https?:\/\/[^\s"'`<>]+/i.exec(text) ?? [];
  if (!given && /^[a-z][a-z\d+.-]*:\/\//i.test(text)) return undefined;
  const url = parse(given ?? `https://${text.replace(/^\/+/, "")}`);
  if (!url) return undefined;
  const { hostname } = url;
  const path = pathOf(url);
  if (given) return { protocols: [url.protocol], hostname, ports: [portOf(url)], path };
  const isOllama = type === "ollama" && hostname !== "ollama.com";
  const isLocal = LOCAL_NAME.test(hostname) || LOCAL_ADDRESS.test(hostname);
  const protocols = isLocal || isOllama ? ["http:", "https:"] : ["https:"];
  const written = /:(\d+)(?:[/?#]|$)/.exec(text.replace(/\[.*\]/, ""))?.[1];
  const ports = written ? [written] : ["80", "443", ...(isOllama ? [OLLAMA_PORT] : [])];
  return { protocols, hostname, ports, path };
}

/** @param {string} address of a request @param {Home} home */
export function isAt(address, { protocols, hostname, ports, path }) {
  const url = parse(address);
  return (
    url !== undefined &&
    protocols.includes(url.protocol) &&
    url.hostname === hostname &&
    ports.includes(portOf(url)) &&
    `${url.pathname}/`.startsWith(`${path}/`)
  );
}

/** @param {URL} url */
function portOf({ port, protocol }) {
  return port || PORTS[/** @type {keyof typeof PORTS} */ (protocol)];
}

/** The path above the API. @param {URL} url */
function pathOf({ pathname }) {
  const parts = decode(pathname).split("/").filter(Boolean);
  const model = parts.findIndex((part) => part.includes("{"));
  if (model >= 0) parts.splice(model);
  while (parts.length > 0 && API_WORD.test(/** @type {string} */ (parts.at(-1)))) parts.pop();
  return parts.map((part) => `/${part}`).join("");
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
