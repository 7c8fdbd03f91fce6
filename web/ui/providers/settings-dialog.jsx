// The AI settings: which providers there are, one of them in detail, and where the keys are kept.

import { useState } from "preact/hooks";

import { KINDS, TEST, titleOf } from "../../providers/kinds.js";
import { freeName } from "../../providers/settings.js";
import { chooseFile } from "../../app/files.js";
import { usePage } from "../../app/page.js";
import { Dialog } from "../parts/dialog.jsx";
import { OPENROUTER } from "../../providers/sign-in.js";
import { Problem, useAttempt } from "../parts/problem.jsx";
import { KeysPlace, formatKey } from "./keys-place.jsx";
import { ProviderForm } from "./provider-form.jsx";
import { SignInButton } from "./sign-in.jsx";

/** @param {{ provider?: string, isSignedIn?: boolean }} props the one to show first, and whether it has its key just now */
export function Settings({ provider, isSignedIn }) {
  const page = usePage();
  const [edited, setEdited] = useState(
    /** @type {{ name: string, kind: string } | undefined} */ (
      provider && page.ai.settings.value.providers[provider]
        ? { name: provider, kind: page.ai.settings.value.providers[provider].kind }
        : undefined
    ),
  );
  const { close } = page.dialogs;
  const title = edited ? titleOf(edited.name, edited.kind) : "AI settings";
  return (
    <Dialog title={title} testId="settings-dialog" onClose={close}>
      {edited ? (
        <ProviderForm
          key={edited.name}
          {...{ isSignedIn, ...edited }}
          onDone={() => setEdited(undefined)}
        />
      ) : (
        <>
          <Providers edit={(name, kind) => setEdited({ name, kind })} />
          <KeysPlace />
          <div class="buttons">
            <button type="button" class="primary" data-testid="close" onClick={close}>
              Close
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

/** @param {{ edit: (name: string, kind: string) => void }} props */
function Providers({ edit }) {
  const page = usePage();
  const { settings } = page.ai;
  const { providers } = settings.value;
  const names = Object.keys(providers).filter((name) => providers[name].kind === OPENROUTER);
  return (
    <section class="providers" aria-label="Providers">
      <ul>
        <TestProvider />
        {Object.entries(providers).map(([name, { kind, baseUrl }]) => (
          <li key={name} data-testid={`provider-${name}`}>
            <span class="name">{titleOf(name, kind)}</span>
            <span class="hint">
              {hostOf(baseUrl || KINDS[kind].baseUrl)} · {formatKey(page.ai, name)}
            </span>
            <button
              type="button"
              data-testid="edit-provider"
              aria-label={`Edit ${titleOf(name, kind)}`}
              onClick={() => edit(name, kind)}
            >
              Edit
            </button>
          </li>
        ))}
      </ul>
      {!names.some((name) => page.ai.hasKey(name)) && <SignInButton />}
      <AddProvider edit={edit} />
    </section>
  );
}

/** @param {{ edit: (name: string, kind: string) => void }} props */
function AddProvider({ edit }) {
  const { settings } = usePage().ai;
  return (
    <label class="field">
      Add a provider
      <select
        data-testid="add-provider"
        value=""
        onChange={({ currentTarget: { value: kind } }) =>
          edit(freeName(settings.value, kind), kind)
        }
      >
        <option value="" disabled>
          Choose…
        </option>
        {Object.entries(KINDS).map(([kind, { title }]) => (
          <option key={kind} value={kind}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The provider that is always there. It needs no settings, and can play a recorded run. */
function TestProvider() {
  const { ai } = usePage();
  const { problem, attempt } = useAttempt();
  const isPlaying = ai.isPlaying.value;
  const change = () =>
    attempt(async () => {
      const cassette = isPlaying ? undefined : await chooseFile(".json,application/json");
      if (isPlaying || cassette !== undefined) await ai.play(cassette);
    });
  return (
    <li data-testid="provider-test">
      <span class="name">{titleOf(TEST)}</span>
      <span class="hint">
        {isPlaying
          ? "Plays a cassette until the page is reloaded."
          : "Scripted answers: no key, no network, no model."}
      </span>
      <button type="button" data-testid="play-cassette" onClick={change}>
        {isPlaying ? "Stop playing" : "Play a cassette…"}
      </button>
      <Problem text={problem} />
    </li>
  );
}

/** @param {string} url in any form that a person may paste */
function hostOf(url) {
  return url.replace(/^\w+:\/\//, "").split("/", 1)[0];
}
