// The button that signs in with OpenRouter, and what there is to say while its window is open.

import { usePage } from "../../app/page.js";
import { Problem } from "../parts/problem.jsx";

/** @param {{ name?: string }} props the provider that gets the key; by default OpenRouter's, which may be added */
export function SignInButton({ name }) {
  const { ai, signIn } = usePage();
  const isLocked = ai.keys.isLocked.value;
  return (
    <div class="sign-in">
      {signIn.isWaiting.value ? (
        <p role="status" data-testid="signing-in">
          Allow it in OpenRouter’s window: you choose there how much the key may spend.{" "}
          <button type="button" data-testid="cancel-sign-in" onClick={() => signIn.cancel()}>
            Cancel
          </button>
        </p>
      ) : (
        <button
          type="button"
          data-testid="sign-in"
          disabled={isLocked}
          title={isLocked ? "Unlock your keys first" : undefined}
          onClick={() => void signIn.start(name)}
        >
          Sign in with OpenRouter
        </button>
      )}
      <Problem text={signIn.problem.value} testId="sign-in-problem" />
    </div>
  );
}

/** @param {{ name: string, onDone: () => void }} props */
export function SignOutButton({ name, onDone }) {
  const { ai } = usePage();
  return (
    <div class="sign-in">
      <button
        type="button"
        data-testid="sign-out"
        onClick={() => void ai.forgetKey(name).then(onDone)}
      >
        Sign out
      </button>
      <p class="hint">
        This forgets the key here. OpenRouter keeps it until you delete it{" "}
        <a href="https://openrouter.ai/settings/keys" target="_blank" rel="noreferrer">
          in your account
        </a>
        .
      </p>
    </div>
  );
}
