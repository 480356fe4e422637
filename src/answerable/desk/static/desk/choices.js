// <answer-choices>: a field and a list of buttons; typing leaves those that fit, arrows move, Enter takes the first.
const fold = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

// Arrows go from one of them to the next; whether it was one.
function moves(event, stops) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return false;
  const next = stops.indexOf(document.activeElement) + step;
  stops[Math.max(0, Math.min(stops.length - 1, next))]?.focus();
  event.preventDefault();
  return true;
}

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
    if (moves(event, [this.input, ...this.shown])) return;
    if (event.key === "Enter" && event.target === this.input && !event.isComposing) {
      this.shown[0]?.click();
    } else return;
    event.preventDefault();
  }
});

// <answer-tags>: a field of words between commas, and those in use: typing leaves what fits the last word, and what is
// chosen stands in its place.
customElements.define("answer-tags", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.#filter());
    this.addEventListener("htmx:afterSwap", () => this.#filter());
    this.addEventListener("click", ({ target }) => this.#take(target.closest("[data-tag]")));
    this.addEventListener("keydown", (event) => moves(event, [this.input, ...this.querySelectorAll("li:not([hidden]) > button")]));
    this.closest("[popover]")?.addEventListener("toggle", () => this.#filter());
  }

  get input() { return this.querySelector("input"); }
  get words() { return this.input.value.split(",").map((word) => word.trim()); }

  #filter() {
    const words = this.words, last = words.pop(), here = words.map(fold);
    const isDone = fold(last) && this.querySelector(`[data-tag="${CSS.escape(last)}"]`);
    for (const item of this.querySelectorAll("li")) {
      const tag = fold(item.textContent.trim());
      item.hidden = here.includes(tag) || tag === fold(last) || !(isDone || tag.includes(fold(last)));
    }
  }

  // What was typed in full stays, what was begun becomes what is chosen.
  #take(chosen) {
    if (!chosen) return;
    const words = this.words, last = words.pop();
    const kept = last && this.querySelector(`[data-tag="${CSS.escape(last)}"]`) ? [...words, last] : words;
    this.input.value = `${[...kept.filter(Boolean), chosen.dataset.tag].join(", ")}, `;
    this.input.focus();
    this.#filter();
  }
});
