// Light, dark, or as the system says.

import { keep } from "./dom.js";

const KEY = "dateline-theme";
const NEXT = { system: "light", light: "dark", dark: "system" };

const now = () => document.documentElement.dataset.theme ?? "system";

/** Let a button go through the themes; theme-first.js reads what is kept at the next visit. */
export function themeSwitch(button) {
  const show = () => {
    button.textContent = `Theme: ${now()}`;
    button.title = `Change to ${NEXT[now()]}`;
  };
  button.addEventListener("click", () => {
    choose(NEXT[now()]);
    show();
  });
  show();
}

function choose(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep("localStorage", KEY, theme === "system" ? null : theme);
}
