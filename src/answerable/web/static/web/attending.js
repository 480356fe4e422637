// Tells the server that somebody does something on a page, at most once a minute whatever the number of pages; at once
// where they are shown as away, so that whoever comes back is there. What is open but untouched tells nothing.
const BEAT_MS = 60000;
const BACK_MS = 3000;
const STORE = "answerable.active";
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];

const shown = () => document.getElementById("attendance");
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
const told = () => Number(localStorage.getItem(STORE)) || 0;

async function tell() {
  const place = shown();
  if (!place) return;
  const pause = place.dataset.state === "online" ? BEAT_MS : BACK_MS;
  if (Math.abs(Date.now() - told()) < pause) return;
  localStorage.setItem(STORE, String(Date.now()));
  try {
    const url = place.dataset.signs;
    const response = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    if (response.status === 200) place.dispatchEvent(new CustomEvent("changed", { bubbles: true })); // they are back: show it
  } catch (error) {
    console.warn("Presence could not be told:", error);
  }
}

if (shown()) {
  for (const sign of SIGNS) addEventListener(sign, tell, { passive: true, capture: true });
  tell();
}
