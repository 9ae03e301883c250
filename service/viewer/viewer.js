// Shows the OpenAPI document, with the key that the chat page was given in this tab.

import * as api from "../web/api.js";

const state = document.getElementById("state");

try {
  const spec = await api.openapi();
  // The service may be found under another path than its own.
  spec.servers = [{ url: new URL(".", location.href).href.replace(/\/$/, "") }];
  window.SwaggerUIBundle({
    spec,
    dom_id: "#viewer",
    // Else the viewer sends the document's address to a validator elsewhere.
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers = { ...api.access(), ...request.headers };
      return request;
    },
  });
} catch (error) {
  const problem = api.asProblem(error);
  state.textContent = `${problem.title}. ${problem.detail}`;
  if (problem.code === "unauthorized") {
    state.append(" Give the key to ", link("the chat page", "."), " in this tab, then come back.");
  }
}

function link(text, href) {
  const made = document.createElement("a");
  made.textContent = text;
  made.href = href;
  return made;
}
