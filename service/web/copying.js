import { button, element } from "./dom.js";

const SHOWN_MS = 2500;

/** Return a button that copies a text, and says whether it did. */
export function copyButton(label, makeText) {
  const said = element("span", { className: "faint", role: "status" });
  const copy = async () => {
    said.textContent = (await copied(makeText())) ? "Copied." : "The browser did not allow it.";
    setTimeout(() => said.replaceChildren(), SHOWN_MS);
  };
  return element("span", { className: "copying" }, button(label, copy, { className: "quiet" }), said);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByCommand(text);
  }
}

/** The clipboard is only there on pages that came encrypted or from this machine. */
function copiedByCommand(text) {
  const box = element("textarea", { value: text, className: "offscreen", readOnly: true });
  const before = document.activeElement;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus();
  return done;
}
