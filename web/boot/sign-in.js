// The script of sign-in.html, to which a person comes back from OpenRouter.

import { finishSignIn } from "../../js/index.js";

const place = /** @type {HTMLElement} */ (document.querySelector("#said"));
place.textContent = await finishSignIn();
