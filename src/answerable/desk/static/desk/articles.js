// <answer-articles data-src="/conversations/42/articles/">: a field and what the server finds for it. Arrows move between
// the field and the buttons, Enter in the field takes the first; what is taken is put in by <answer-composer>.
const PAUSE_MS = 250;

customElements.define("answer-articles", class extends HTMLElement {
  connectedCallback() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.#find(), PAUSE_MS);
    });
    this.addEventListener("keydown", (event) => this.#key(event));
    this.closest("[popover]")?.addEventListener("toggle", (event) => { if (event.newState === "open") this.input.focus(); });
    if (this.closest(":popover-open")) this.input.focus();
  }

  get input() { return this.querySelector("input"); }

  // Without words: what fits the conversation.
  async #find() {
    const words = this.input.value.trim();
    const source = new URL(this.dataset.src, location.href);
    if (words) source.searchParams.set("q", this.input.value);
    const response = await fetch(source, { headers: { "HX-Request": "true" } });
    if (!response.ok || words !== this.input.value.trim()) return;
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = found.querySelector("#article-options")?.childNodes ?? found.body.childNodes;
    this.querySelector("#article-options").replaceChildren(...list);
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const stops = [this.input, ...this.querySelectorAll("li :is(button, a)")];
      stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + step))].focus();
    } else if (event.key === "Enter" && event.target === this.input && !event.isComposing) this.querySelector("li button")?.click();
    else return;
    event.preventDefault();
  }
});
