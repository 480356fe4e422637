// The list of conversations: which one is open, and what came in.
import { announce } from "../web/toast.js";

function mark() {
  for (const link of document.querySelectorAll("#rows .title")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:pushedIntoHistory", mark);
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "work") document.getElementById("work")?.querySelector("h1")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("desk:reconciled", ({ target, detail }) => {
  if (!detail.arrived.length) return;
  const words = target.id === "rows"
    ? detail.arrived.map((row) => row.querySelector(".title")?.textContent.trim())
    : detail.arrived.filter((entry) => entry.matches(".message")).map((entry) => entry.querySelector("header strong")?.textContent);
  const said = words.filter(Boolean).join(", ");
  if (said) announce(said);
});
