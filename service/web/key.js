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
  const wrong = dialog.querySelector("[role=alert]");
  let isGiven = false;
  api.onKeyNeeded(() => {
    wrong.hidden = !isGiven;
    if (!dialog.open) dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    // What had the focus may have gone meanwhile.
    if (document.activeElement === document.body) document.getElementById("question").focus();
  });
  form.addEventListener("submit", () => {
    // A header carries no others; pasted keys bring blanks along.
    api.useKey(field.value.replaceAll(/[^\x21-\x7e]/g, ""));
    field.value = "";
    isGiven = true;
    given();
  });
}
