// A service that signs people in, as OpenRouter documents it: PKCE by S256, each code good for one key, given out to
// whoever knows the verifier. The person's answer is chosen by the test.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** @param {import("node:test").TestContext} t */
export async function openAuthorisationServer(t) {
  const server = createServer((request, response) => void service.answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const service = new AuthorisationServer(`http://127.0.0.1:${port}`);
  return service;
}

class AuthorisationServer {
  /** All bodies that were sent to get a key. @type {any[]} */
  exchanged = [];
  /** What answers a request for a key in place of the service. @type {{ status: number, body: string } | undefined} */
  broken;
  /** The hash of the verifier, by the code that is good for a key. @type {Map<string, string>} */
  #challenges = new Map();
  #given = 0;

  /** @param {string} address */
  constructor(address) {
    this.service = { authorizeURL: `${address}/auth`, keysURL: `${address}/api/v1/auth/keys` };
  }

  /** Where a person is sent back to from this address. @param {string} address @param {"allow" | "deny"} [answer] */
  decide(address, answer = "allow") {
    const asked = new URL(address).searchParams;
    if (asked.get("code_challenge_method") !== "S256") throw new Error("no S256");
    const back = new URL(asked.get("callback_url") ?? "");
    if (answer === "deny") back.searchParams.set("error", "access_denied");
    else {
      const code = `code-${++this.#given}-of-this-test`;
      this.#challenges.set(code, asked.get("code_challenge") ?? "");
      back.searchParams.set("code", code);
    }
    return back;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async answer(request, response) {
    let text = "";
    for await (const piece of request) text += piece;
    const asked = JSON.parse(text);
    this.exchanged.push(asked);
    const { status, body } = this.broken ?? this.#exchange(asked);
    response.writeHead(status, { "Content-Type": "application/json" }).end(body);
  }

  /** @param {any} asked */
  #exchange({ code, code_verifier: verifier, code_challenge_method: method }) {
    const challenge = this.#challenges.get(code);
    const hash = createHash("sha256").update(verifier).digest("base64url");
    if (method !== "S256" || challenge !== hash) {
      return { status: 403, body: JSON.stringify({ error: { message: `Invalid code ${code}` } }) };
    }
    this.#challenges.delete(code);
    return { status: 200, body: JSON.stringify({ key: `sk-or-v1-key-for-${code}` }) };
  }
}
