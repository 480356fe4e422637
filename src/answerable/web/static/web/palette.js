// <answer-command>: everything one can do on this page, by typing a part of its name. It offers what has data-key or
// data-command and can be seen; with data-search="/search" also a search for the words typed (as ?q=).
import { t } from "./words.js";
import { labelOf, press } from "./keys.js";

const fold = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

customElements.define("answer-command", class extends HTMLElement {
  #commands = [];
  #shown = [];
  #at = 0;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("answer:commands", () => this.#open(), { signal });
    this.input.addEventListener("input", () => this.#filter(), { signal });
    this.input.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#run([...this.list.children].indexOf(option));
    }, { signal });
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); }, { signal });
  }

  disconnectedCallback() { this.stop.abort(); }

  get dialog() { return this.querySelector("dialog"); }
  get input() { return this.querySelector("input"); }
  get list() { return this.querySelector("[role=listbox]"); }

  #open() {
    if (this.dialog.open) { this.dialog.close(); return; }
    const seen = new Set();
    this.#commands = [...document.querySelectorAll("[data-key], [data-command]")]
      .filter((element) => !element.disabled && (element.checkVisibility?.() ?? true))
      .map((element) => ({ element, words: element.dataset.command || labelOf(element), key: element.dataset.key }))
      .filter(({ words }) => words && !seen.has(words) && seen.add(words));
    this.input.value = "";
    this.dialog.showModal();
    this.#filter();
  }

  #filter() {
    const typed = this.input.value.trim();
    const parts = fold(typed).split(/\s+/).filter(Boolean);
    this.#shown = this.#commands.filter(({ words }) => parts.every((part) => fold(words).includes(part)));
    if (typed && this.dataset.search) {
      this.#shown.push({ words: t("search_for", typed), go: `${this.dataset.search}?q=${encodeURIComponent(typed)}` });
    }
    this.list.replaceChildren(...this.#shown.map(({ words, key }, place) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `palette-option-${place}`;
      option.append(words);
      if (key) {
        const kbd = document.createElement("kbd");
        kbd.textContent = key;
        option.append(kbd);
      }
      return option;
    }));
    const none = this.querySelector(".none");
    none.hidden = this.#shown.length > 0;
    this.list.hidden = !none.hidden;
    none.textContent = none.hidden ? "" : t("nothing_found", typed);
    this.input.setAttribute("aria-expanded", String(none.hidden));
    this.#select(0);
  }

  #select(place) {
    this.#at = Math.max(0, Math.min(this.#shown.length - 1, place));
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#at)));
    const option = this.list.children[this.#at];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#select(this.#at + step);
    else if (event.key === "Enter" && !event.isComposing) this.#run(this.#at);
    else return;
    event.preventDefault();
  }

  #run(place) {
    const command = this.#shown[place];
    if (!command) return;
    this.dialog.close();
    if (command.go) location.assign(command.go);
    else press(command.element);
  }
});
