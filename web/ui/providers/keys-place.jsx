// Where the keys are kept, said plainly, and the choice of it.

/** @import { Ai } from "../../providers/ai.js" */
/** @import { Place } from "../../providers/keys.js" */

import { useState } from "preact/hooks";

import { canSeal } from "../../providers/vault.js";
import { usePage } from "../../app/page.js";

/** @type {[place: Place, name: string, hint: string][]} */
const PLACES = [
  ["page", "In this page", "A reload forgets them."],
  ["tab", "In this tab", "They outlast a reload; closing the tab forgets them."],
  ["vault", "In this browser, encrypted", "Your passphrase opens them; nobody can recover it."],
];

/** What is known of a provider's key. @param {Ai} ai @param {string} name */
export function formatKey(ai, name) {
  if (ai.keys.isLocked.value) return "keys are locked";
  if (!ai.hasKey(name)) return "no key";
  return { page: "key in this page", tab: "key in this tab", vault: "key in the vault" }[
    ai.keys.place.value
  ];
}

export function KeysPlace() {
  const { keys } = usePage().ai;
  // What was chosen and awaits its passphrase.
  const [chosen, setChosen] = useState(/** @type {Place | undefined} */ (undefined));
  const [problem, setProblem] = useState("");
  const place = chosen ?? keys.place.value;

  /** @param {Place} wanted @param {string} [passphrase] */
  const moveTo = async (wanted, passphrase) => {
    setProblem("");
    try {
      await keys.moveTo(wanted, passphrase);
      setChosen(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  /** @param {Place} wanted */
  const choose = (wanted) => {
    if (wanted === "vault") setChosen(keys.place.value === "vault" ? undefined : wanted);
    else void moveTo(wanted);
  };
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
      {chosen === "vault" && (
        <Passphrase
          action="Encrypt the keys"
          isNew
          onEnter={(passphrase) => moveTo("vault", passphrase)}
        />
      )}
      {keys.isLocked.value && <Unlock />}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="hint">
        A key goes to its provider’s base URL and nowhere else. It is in no notebook, event or
        export.
        {keys.isLocked.value && " Choosing another place forgets the locked keys."}
      </p>
    </fieldset>
  );
}

function Unlock() {
  const { ai } = usePage();
  const [problem, setProblem] = useState("");
  return (
    <>
      <Passphrase
        action="Unlock"
        onEnter={async (passphrase) => {
          setProblem("");
          try {
            await ai.unlock(passphrase);
          } catch (error) {
            setProblem(error instanceof Error ? error.message : String(error));
          }
        }}
      />
      {problem && (
        <p class="problem" role="alert" data-testid="unlock-problem">
          {problem}
        </p>
      )}
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
        placeholder={isNew ? "A passphrase of 8 letters or more" : "Your passphrase"}
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
