// The list of conversations: which one is open, and what came in.
import { announce } from "../web/toast.js";

function mark() {
  for (const link of document.querySelectorAll("#rows .title")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:pushedIntoHistory", mark);

// A conversation opens at its last message, and stays there while somebody reads the end of it.
const END_PX = 80;
const scroller = () => {
  const pane = document.querySelector(".pane-work");
  return pane && getComputedStyle(pane).overflowY === "auto" ? pane : null;
};
function toEnd() {
  const pane = scroller();
  const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1));
  if (named) named.scrollIntoView({ block: "center" });
  else if (pane) pane.scrollTop = pane.scrollHeight;
}
// On a telephone the page itself scrolls, and only now: what comes in later moves nothing.
function open() {
  toEnd();
  if (!scroller() && !location.hash) [...document.querySelectorAll("#timeline > .message")].at(-1)?.scrollIntoView({ block: "nearest" });
}
let atEnd = true;
document.addEventListener("scroll", ({ target }) => {
  if (target === scroller()) atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < END_PX;
}, { capture: true, passive: true });
document.addEventListener("htmx:load", ({ target }) => { if (target.id === "work") { open(); atEnd = true; } });
document.addEventListener("desk:reconciled", ({ target }) => {
  if (target.id !== "timeline") return;
  if (atEnd) toEnd();
  document.getElementById("moved")?.scrollIntoView({ block: "center" });
});
if (document.getElementById("timeline")) open();

document.addEventListener("desk:reconciled", ({ target, detail }) => {
  if (!detail.arrived.length) return;
  const words = target.id === "rows"
    ? detail.arrived.map((row) => row.querySelector(".title")?.textContent.trim())
    : detail.arrived.filter((entry) => entry.matches(".message")).map((entry) => entry.querySelector("header strong")?.textContent);
  const said = words.filter(Boolean).join(", ");
  if (said) announce(said);
});
