/**
 * Return a new element.
 *
 * @param {string} tag
 * @param {object} properties DOM properties, and attributes where the name has a hyphen.
 * @param {...(Node|string|null)} children Strings become text, never markup.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

export function button(text, onClick, properties = {}) {
  const made = element("button", { type: "button", ...properties }, text);
  made.addEventListener("click", () => onClick(made));
  return made;
}

/** Return words of articles or people, set apart from the direction of what stands around them. */
export function apart(text) {
  return element("bdi", {}, text);
}

/** Whether a key chooses a word of an input method; Safari only says so by the number. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Return the address when it leads to the web, else null: articles may say `javascript:`. */
export function webAddress(text) {
  if (!text || !URL.canParse(text)) return null;
  const address = new URL(text);
  return ["http:", "https:"].includes(address.protocol) ? address.href : null;
}

/**
 * Return what is kept under a key in this browser, or null.
 *
 * @param {string} storage "localStorage" or "sessionStorage": naming it can fail already.
 */
export function kept(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** Keep a text under a key, or take it away with null; a browser that keeps nothing is no error. */
export function keep(storage, key, text) {
  try {
    if (text === null) window[storage].removeItem(key);
    else window[storage].setItem(key, text);
  } catch {
    // Then it lasts until the page is left.
  }
}
