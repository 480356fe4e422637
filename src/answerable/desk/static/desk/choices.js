// <answer-choices>: a field and a list of buttons; typing leaves those that fit, arrows move, Enter takes the first.
const fold = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

customElements.define("answer-choices", class extends HTMLElement {
  connectedCallback() {
    this.input.addEventListener("input", () => this.#filter());
    this.addEventListener("keydown", (event) => this.#key(event));
    this.closest("[popover]")?.addEventListener("toggle", (event) => { if (event.newState === "open") this.#open(); });
    if (this.closest(":popover-open")) this.#open();
  }

  get input() { return this.querySelector("input"); }
  get shown() { return [...this.querySelectorAll("li:not([hidden]) > button")]; }

  #open() {
    this.input.value = "";
    this.#filter();
    this.input.focus();
  }

  #filter() {
    const parts = fold(this.input.value).split(/\s+/).filter(Boolean);
    for (const item of this.querySelectorAll("li")) {
      const text = fold(item.textContent);
      item.hidden = !parts.every((part) => text.includes(part));
    }
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const stops = [this.input, ...this.shown];
      const next = stops.indexOf(document.activeElement) + step;
      stops[Math.max(0, Math.min(stops.length - 1, next))]?.focus();
    } else if (event.key === "Enter" && event.target === this.input && !event.isComposing) {
      this.shown[0]?.click();
    } else return;
    event.preventDefault();
  }
});
