// Shows where the keys are kept, and lets the person choose.

/** @import { Ai } from "../../providers/ai.js" */
/** @import { Place } from "../../providers/keys.js" */

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { canSeal } from "../../providers/vault.js";
import { Problem, useAttempt } from "../parts/problem.jsx";

/** @type {[place: Place, name: string, hint: string][]} */
const PLACES = [
  ["page", "In this page", "Forgotten when the page is reloaded."],
  ["tab", "In this tab", "Kept when the page is reloaded; forgotten when the tab is closed."],
  [
    "vault",
    "In this browser, encrypted",
    "Unlocked with your passphrase, which cannot be recovered.",
  ],
];

/** Says whether there is a key for a provider, and where it is kept. @param {Ai} ai @param {string} name */
export function formatKey(ai, name) {
  if (ai.keys.isLocked.value) return "keys are locked";
  if (!ai.hasKey(name)) return "no key";
  return { page: "key in this page", tab: "key in this tab", vault: "key in the vault" }[
    ai.keys.place.value
  ];
}

export function KeysPlace() {
  const { keys } = usePage().ai;
  const { place, choose, passphraseFor, encrypt, problem } = usePlace();
  return (
    <fieldset class="keys-place">
      <legend>Where your keys are kept</legend>
      {PLACES.map(([value, name, hint]) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name="keys-place"
            data-testid={`keys-${value}`}
            checked={place === value}
            disabled={value === "vault" && !canSeal()}
            onChange={() => choose(value)}
          />
          <span>
            {name} <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
      {passphraseFor && <Passphrase action="Encrypt the keys" isNew onEnter={encrypt} />}
      {keys.isLocked.value && <Unlock />}
      <Problem text={problem} />
      <p class="hint">
        A key is sent to its provider’s base URL and nowhere else. It is never part of a notebook,
        an event or an export.
        {keys.isLocked.value && " If you choose another place, the locked keys are forgotten."}
      </p>
    </fieldset>
  );
}

/** The chosen place. Keys move to the vault only once it has a passphrase. */
function usePlace() {
  const { keys } = usePage().ai;
  const [chosen, setChosen] = useState(/** @type {Place | undefined} */ (undefined));
  const { problem, attempt } = useAttempt();
  /** @param {Place} place @param {string} [passphrase] */
  const moveTo = (place, passphrase) =>
    attempt(async () => {
      await keys.moveTo(place, passphrase);
      setChosen(undefined);
    });
  /** @param {Place} place */
  const choose = (place) => {
    if (place !== "vault") void moveTo(place);
    else setChosen(keys.place.value === "vault" ? undefined : place);
  };
  const encrypt = (/** @type {string} */ passphrase) => moveTo("vault", passphrase);
  return { place: chosen ?? keys.place.value, choose, passphraseFor: chosen, encrypt, problem };
}

function Unlock() {
  const { ai } = usePage();
  const { problem, attempt } = useAttempt();
  return (
    <>
      <Passphrase action="Unlock" onEnter={(passphrase) => attempt(() => ai.unlock(passphrase))} />
      <Problem text={problem} testId="unlock-problem" />
    </>
  );
}

/** @param {{ action: string, isNew?: boolean, onEnter: (passphrase: string) => unknown }} props */
function Passphrase({ action, isNew = false, onEnter }) {
  const [passphrase, setPassphrase] = useState("");
  return (
    <form
      class="with-button"
      onSubmit={(event) => {
        event.preventDefault();
        onEnter(passphrase);
      }}
    >
      <input
        type="password"
        required
        autofocus
        minLength={isNew ? 8 : undefined}
        autocomplete={isNew ? "new-password" : "current-password"}
        aria-label="Passphrase"
        placeholder={isNew ? "A passphrase of at least 8 characters" : "Your passphrase"}
        data-testid="passphrase"
        value={passphrase}
        onInput={({ currentTarget }) => setPassphrase(currentTarget.value)}
      />
      <button type="submit" data-testid="passphrase-enter">
        {action}
      </button>
    </form>
  );
}
