// <answer-command>: everything one can do, by typing a part of its name: what has data-key or data-command on this page
// and can be seen or stands in a menu, places and queues (data-places, fetched once), where one was lately, and, by the words typed,
// conversations and customers (the same address with ?q=); with data-search="/search" also a search for them.
import { t } from "./words.js";
import { isReachable, labelOf, press } from "./keys.js";
import { score } from "./fuzzy.js";

const OLD = "answerable.recent"; // of whoever sat here before there were stores of one's own
const MOST_RECENT = 8;
const MOST_SHOWN = 40;
const PAUSE_MS = 150;
const REMEMBERED = /^\/(?:conversations|contacts)\/\d+\/$/;

// Where one was is one's own: on the first page after signing out, and for whoever signs in next, nothing of it is left.
const user = () => document.querySelector("answer-command")?.dataset.user ?? "";
const store = () => `${OLD}.${user()}`;

function forget() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(OLD) && key !== store()) localStorage.removeItem(key);
}

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(store()) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ words, go }) => typeof words === "string" && REMEMBERED.test(go)) : [];
  } catch { return []; }
}

function remember() {
  if (!user()) return;
  const go = location.pathname;
  const words = document.title.replace(/ · Answerable$/, "");
  if (!REMEMBERED.test(go) || !words) return;
  const others = recent().filter((one) => one.go !== go);
  localStorage.setItem(store(), JSON.stringify([{ words, go }, ...others].slice(0, MOST_RECENT)));
}
forget();
remember();
document.addEventListener("htmx:pushedIntoHistory", () => setTimeout(remember));

// What is done with the opened thing comes first, then what else has a key, then where one could go.
const nearness = (element) => (element.closest(".pane-work") ? 0 : element.dataset.key ? 1 : 2);

customElements.define("answer-command", class extends HTMLElement {
  #commands = [];
  #places = null;
  #coming = null;
  #isSure = false;
  #isMoved = false;
  #found = [];
  #shown = [];
  #at = 0;
  #timer = 0;
  #asking = null;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("answer:commands", () => this.#open(), { signal });
    this.input.addEventListener("input", () => { this.#isMoved = false; this.#filter(); this.#look(); }, { signal });
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
    this.#commands = [...document.querySelectorAll("[data-key], [data-command]")]
      .filter(isReachable)
      .map((element) => ({
        element, words: element.dataset.command?.length > 1 ? element.dataset.command : labelOf(element), key: element.dataset.key, go: element.dataset.key ? "" : element.pathname ?? "",
      }))
      .filter(({ words }) => words)
      .sort((one, other) => nearness(one.element) - nearness(other.element));
    this.#found = [];
    this.#isMoved = false;
    this.input.value = "";
    this.dialog.showModal();
    this.#filter();
    if (this.#places || !this.dataset.places) return;
    this.#coming = this.#fetch(this.dataset.places).then((found) => { this.#places = found; this.#filter(this.#isMoved); });
  }

  async #fetch(url, signal) {
    try {
      const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) return [];
      return (await response.json()).found.map(({ words, url: go, kind }) => ({ words, go, kind }));
    } catch (error) {
      if (error.name !== "AbortError") console.warn("The palette could not ask:", error);
      return [];
    }
  }

  // What was typed is looked for once the typing pauses; an answer that came too late is thrown away.
  #look() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const typed = this.input.value.trim();
    if (!typed || !this.dataset.places) { this.#found = []; return; }
    this.#timer = setTimeout(async () => {
      const asking = new AbortController();
      this.#asking = asking;
      const found = await this.#fetch(`${this.dataset.places}?q=${encodeURIComponent(typed)}`, asking.signal);
      if (asking.signal.aborted || this.input.value.trim() !== typed) return;
      this.#found = found;
      this.#filter(true);
    }, PAUSE_MS);
  }

  #filter(keepsPlace = false) {
    const typed = this.input.value.trim();
    const lately = recent().filter(({ go }) => go !== location.pathname).map((one) => ({ ...one, kind: t("recent") }));
    const offered = [...(typed ? [] : lately), ...this.#commands, ...(this.#places ?? []), ...(typed ? lately : [])];
    const scored = offered.map((one) => ({ one, fits: score(typed, one.words) })).filter(({ fits }) => fits > 0);
    if (typed) scored.sort((a, b) => b.fits - a.fits);
    const seen = new Set();
    const isNew = ({ words, go }) => {
      const names = [go && `go ${go}`, go ? "" : `do ${words}`].filter(Boolean);
      return names.every((name) => !seen.has(name)) && names.every((name) => seen.add(name));
    };
    const chosen = this.#shown[this.#at];
    const strong = scored.filter(({ fits }) => !typed || fits > 2).map(({ one }) => one);
    const weak = scored.filter(({ fits }) => typed && fits <= 2).map(({ one }) => one); // behind what words have found
    this.#isSure = strong.length > 0;
    this.#shown = [...strong, ...this.#found, ...weak].filter(isNew).slice(0, MOST_SHOWN);
    if (typed && this.dataset.search) {
      this.#shown.push({ words: t("search_for", typed), go: `${this.dataset.search}?q=${encodeURIComponent(typed)}` });
    }
    this.list.replaceChildren(...this.#shown.map((one, place) => this.#option(one, place)));
    const none = this.querySelector(".none");
    none.hidden = this.#shown.length > 0;
    this.list.hidden = !none.hidden;
    none.textContent = none.hidden ? "" : t("nothing_found", typed);
    this.input.setAttribute("aria-expanded", String(none.hidden));
    const same = keepsPlace ? this.#shown.findIndex(({ words, go }) => words === chosen?.words && go === chosen?.go) : 0;
    this.#select(Math.max(0, same));
  }

  #option({ words, key, kind }, place) {
    const option = document.createElement("li");
    option.role = "option";
    option.id = `palette-option-${place}`;
    const said = Object.assign(document.createElement("span"), { className: "cut", textContent: words });
    option.append(said);
    if (key) option.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    else if (kind) option.append(Object.assign(document.createElement("span"), { className: "muted small push nowrap", textContent: kind }));
    return option;
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
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) { this.#isMoved = true; this.#select(this.#at + step); }
    else if (event.key === "Enter" && !event.isComposing) this.#choose();
    else return;
    event.preventDefault();
  }

  // Who types faster than the places come means one of them, where nothing that is here fits well.
  async #choose() {
    if (!this.#isSure && !this.#isMoved) await this.#coming;
    if (this.dialog.open) this.#run(this.#at);
  }

  #run(place) {
    const command = this.#shown[place];
    if (!command) return;
    this.dialog.close();
    if (command.element) press(command.element);
    else location.assign(command.go);
  }
});
