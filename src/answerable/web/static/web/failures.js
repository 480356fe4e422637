// What htmx could not do, in words and with what to do about it. Within [data-quiet] stands what nobody asked for.
// What was refused is forgotten once something is tried again.
import { t } from "./words.js";
import { toast } from "./toast.js";

const KNOWN = new Set([400, 403, 404, 409, 413, 429]);
let shown = null;

function say(text) {
  if (shown?.isConnected && shown.dataset.text === text) return; // a page of fragments fails as one
  shown = toast(text, { tone: "bad" });
  shown.dataset.text = text;
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.elt.closest("[data-quiet]")) return;
  const code = detail.xhr.status;
  say(t(KNOWN.has(code) ? `error_${code}` : code >= 500 ? "error_500" : "error_400"));
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.verb === "get" || detail.elt.closest("[data-quiet]")) return;
  for (const refusal of document.querySelectorAll(".toast.bad")) refusal.remove();
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => say(t("offline")));
}
