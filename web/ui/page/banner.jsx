// Says what has gone wrong with Python, and what can be done.

import { usePage } from "../../app/page.js";
import { waysToStop } from "../cells/late-stop.jsx";
import { MessageBar } from "../parts/message-bar.jsx";

export function Banner() {
  const { session, signals } = usePage();
  if (session.isDown) {
    const restart = { label: "Restart Python", testId: "try-again", isMain: true };
    const ways = [{ ...restart, run: () => session.restart() }];
    return <MessageBar text={session.reason.value} ways={ways} testId="banner" />;
  }
  const [stop] = session.pendingStops.value;
  if (stop) {
    const ways = waysToStop(session, stop);
    return <MessageBar text={stop.reason} kind="notice" ways={ways} testId="late-stop-bar" />;
  }
  const language = signals.foreignLanguage;
  if (language && !session.trouble.value) {
    const said = `This notebook is written in ${language.slice(0, 40)}. Its code can be read, edited and exported, but not run here: this page runs Python.`;
    return <MessageBar text={said} kind="notice" testId="foreign-language" />;
  }
  const dismiss = () => (session.trouble.value = "");
  return <MessageBar text={session.trouble.value} onDismiss={dismiss} testId="banner" />;
}
