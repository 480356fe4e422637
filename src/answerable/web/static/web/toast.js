// Toasts. From a script: toast("Saved", {tone: "good"}). From a server's htmx response, the header
//   HX-Trigger: {"toast": {"text": "Saved.", "tone": "good"}}
// and for screen readers alone: HX-Trigger: {"announce": {"text": "New message from Nino"}}.
// Toasts go by themselves, except those that report a failure; none goes while it is pointed at or holds the focus.
const SECONDS = 7;

export function toast(text, { tone = "info", seconds = tone === "bad" ? 0 : SECONDS } = {}) {
  const element = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  element.classList.add(tone);
  for (const symbol of element.querySelectorAll("[data-tone]")) {
    if (symbol.dataset.tone === tone) symbol.replaceWith(...symbol.childNodes);
    else symbol.remove();
  }
  element.querySelector("div").textContent = text;
  document.getElementById("toasts").append(element);
  leaveAfter(element, seconds);
  return element;
}

export function announce(text) {
  const region = document.getElementById("announcements");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function leaveAfter(element, seconds) {
  if (!seconds) return;
  const leave = () => {
    if (element.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else element.remove();
  };
  setTimeout(leave, seconds * 1000);
}

for (const element of document.querySelectorAll("[data-toast]")) {
  leaveAfter(element, element.classList.contains("bad") ? 0 : SECONDS + 3);
}
document.addEventListener("click", (event) => {
  event.target.closest?.(".toast [data-close]")?.closest(".toast").remove();
});
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, { tone: detail.tone }));
document.addEventListener("announce", ({ detail }) => announce(detail.text ?? detail.value));
