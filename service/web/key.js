// A service may let in only who has a key. It is kept for the session, in this tab.

import * as api from "./api.js";

/**
 * Ask for a key whenever the service wants one.
 *
 * @param {HTMLDialogElement} dialog Holds a form with one field.
 * @param {function()} given Is told that there is one now.
 */
export function askForKeys(dialog, given) {
  const form = dialog.querySelector("form");
  const field = dialog.querySelector("input");
  api.onKeyNeeded(() => {
    if (!dialog.open) dialog.showModal();
  });
  form.addEventListener("submit", () => {
    // A header carries no others; pasted keys bring blanks along.
    api.useKey(field.value.replaceAll(/[^\x21-\x7e]/g, ""));
    field.value = "";
    given();
  });
}
