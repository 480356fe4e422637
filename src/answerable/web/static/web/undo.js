// Something that happens in a few seconds unless it is taken back. In a server's htmx response:
//   HX-Trigger: {"undo": {"text": "Reply is on its way.", "url": "/messages/9/undo", "seconds": 10, "values": {}}}
// or on a page: <answer-undo data-text="..." data-url="..." data-seconds="10"></answer-undo>.
// A toast counts down; Undo, or Z while it is the last one, POSTs to the address by htmx, so that its answer may swap or trigger anything.
import { toast } from "./toast.js";
import { t } from "./words.js";

export function offer({ text, url, seconds = 10, target = "body", swap = "none", values = {} }) {
  const element = toast(text, { tone: "info", seconds: 0 });
  const button = element.querySelector("[data-undo]");
  const left = document.createElement("span");
  left.className = "numbers muted";
  left.setAttribute("aria-hidden", "true");
  for (const earlier of document.querySelectorAll("[data-undo][data-key]")) delete earlier.dataset.key;
  Object.assign(button.dataset, { key: "Z", keyLabel: t("undo") });
  button.hidden = false;
  button.append(left);
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const rest = Math.ceil((end - Date.now()) / 1000);
    left.textContent = String(Math.max(0, rest));
    if (rest <= 0 || !element.isConnected) { clearInterval(timer); element.remove(); }
  };
  const timer = setInterval(tick, 250);
  tick();
  button.addEventListener("click", () => {
    clearInterval(timer);
    element.remove();
    htmx.ajax("POST", url, { source: document.body, target, swap, values });
  }, { once: true });
  return element;
}

document.addEventListener("undo", ({ detail }) => offer(detail));
customElements.define("answer-undo", class extends HTMLElement {
  connectedCallback() {
    const { text, url, seconds } = this.dataset;
    offer({ text, url, seconds: Number(seconds) || 10 });
    this.remove();
  }
});
