// <answer-selection>: rows chosen by their boxes (shift takes the whole range; x the row one stands on), and what to do
// with all of them. Rows stand outside, as #rows input[name=ids] with form="selection". What stands beyond the page is
// chosen by data-matching: the address that says how many they are; until a box is changed again.
customElements.define("answer-selection", class extends HTMLElement {
  #matching = "";

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.last = null;
    document.addEventListener("click", (event) => {
      const box = event.target.closest?.("#rows input[name=ids]");
      if (!box) return;
      if (event.shiftKey && this.last?.isConnected) this.#range(this.last, box);
      this.last = box;
    }, { signal });
    document.addEventListener("change", (event) => {
      if (!event.target.matches?.("#rows input[name=ids]")) return;
      this.#matching = "";
      this.#show();
    }, { signal });
    document.addEventListener("desk:reconciled", () => this.#show(), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("keydown", (event) => this.#enter(event), { signal });
    this.addEventListener("htmx:afterRequest", ({ detail, target }) => {
      if (!detail.successful || target !== this.form) return;
      if (this.querySelector("#selection-result [data-refused], #selection-result [data-missing]")) this.querySelector("dialog").showModal();
      this.#all(false);
    }, { signal });
    this.#show();
  }

  disconnectedCallback() { this.stop.abort(); }

  get form() { return this.querySelector("form"); }
  get boxes() { return [...document.querySelectorAll("#rows input[name=ids]")]; }

  #range(from, to) {
    const boxes = this.boxes;
    const [first, last] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
    for (const box of boxes.slice(first, last + 1)) box.checked = to.checked;
    this.#show();
  }

  #click({ target }) {
    const button = target.closest("button");
    if (!button) return;
    if ("toggleCurrent" in button.dataset) this.#toggle();
    else if ("all" in button.dataset) this.#all(true);
    else if ("none" in button.dataset) this.#all(false);
    else if (button.dataset.matching) this.#beyond(button.dataset.matching);
    else if (button.dataset.change) this.#send(button);
    else if (button.dataset.leads) this.#lead(button);
  }

  // Enter in a field is its own button: the form would send again what was done last.
  #enter(event) {
    const button = event.key === "Enter" && !event.isComposing && event.target.matches("input") && event.target.closest(".menu-form")?.querySelector("[data-change]");
    if (!button) return;
    event.preventDefault();
    this.#send(button);
  }

  #toggle() {
    const row = document.activeElement?.closest("#rows > li") ?? document.querySelector("#rows > li:has([aria-current])");
    const box = (row ?? document.querySelector("#rows > li"))?.querySelector("input[name=ids]");
    if (!box) return;
    box.checked = !box.checked;
    this.last = box;
    this.#show();
  }

  #all(checked) {
    this.#matching = "";
    for (const box of this.boxes) box.checked = checked;
    this.#show();
  }

  async #beyond(url) {
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!response.ok) return;
    this.#all(true);
    this.#matching = (await response.json()).words;
    this.#show();
  }

  #send(button) {
    button.closest("[popover]")?.hidePopover();
    const { change, to = "", preset = "" } = button.dataset;
    Object.assign(this.form.elements.change, { value: change });
    Object.assign(this.form.elements.to, { value: to });
    Object.assign(this.form.elements.preset, { value: preset });
    Object.assign(this.form.elements.all, { value: this.#matching ? "1" : "" });
    this.form.requestSubmit();
  }

  #lead({ dataset }) {
    const chosen = this.boxes.filter((box) => box.checked).map((box) => ["ids", box.value]);
    location.assign(`${dataset.leads}?${new URLSearchParams(chosen)}`);
  }

  #show() {
    const count = this.boxes.filter((box) => box.checked).length;
    const words = this.querySelector("[data-selected]");
    this.form.hidden = count === 0;
    words.textContent = this.#matching || (count ? words.dataset.words.replace("%s", count) : "");
  }
});
