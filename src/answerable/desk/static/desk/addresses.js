// <answer-addresses data-src="/addresses/" data-most="50"> around an <input name="copied">: addresses as chips. Enter, a
// comma or leaving the field makes one of what was typed; Backspace in the empty field takes the last one off; what is
// pasted may be a whole line of a mail. What is no address stays, marked, and the words below say why. Colleagues and
// customers that fit are offered: arrows move, Enter or Tab takes one, Escape sends them away.
// The value that is sent stands in the input it was given, hidden by then; a draft is kept of it. Without scripts that is
// a line of text. With data-shared others change it as well: see follow().
import { t } from "../web/words.js";

const LOOKS_RIGHT = /^[^\s@<>,;"]+@[^\s@<>,;".]+(?:\.[^\s@<>,;".]+)+$/u;
const NAMED = /(?:"[^"]*"|[^<>,;"])*<([^<>]*)>/g;
const SEPARATORS = /[\s,;]+/;
const PAUSE_MS = 120;
let count = 0;

export const listed = (text) => [...new Set(text.replace(NAMED, " $1 ").toLowerCase().split(SEPARATORS).filter(Boolean))];

customElements.define("answer-addresses", class extends HTMLElement {
  #timer = 0;
  #asked = 0;
  #knew = [];

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    if (!this.kept) this.#build();
    this.typed.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.typed.addEventListener("input", (event) => { event.stopPropagation(); this.#split(); this.#later(); }, { signal });
    this.typed.addEventListener("paste", (event) => this.#paste(event), { signal });
    this.typed.addEventListener("blur", () => { this.#take(this.typed.value); this.#close(); }, { signal });
    this.chips.addEventListener("keydown", (event) => this.#move(event), { signal });
    this.chips.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.#remove(button.closest("li"));
    }, { signal });
    this.addEventListener("click", ({ target }) => { if (target === this || target === this.chips) this.typed.focus(); }, { signal });
    this.options.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(option);
    }, { signal });
    const menu = this.closest("details");
    menu?.addEventListener("toggle", () => { if (menu.open && !this.addresses.length) this.typed.focus(); }, { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.stop.abort();
  }

  get addresses() { return [...this.chips.querySelectorAll("[data-address]")].map((chip) => chip.dataset.address); }

  // What others have changed meanwhile is changed here, and what was changed here stays.
  follow(text) {
    const now = listed(text);
    const kept = this.addresses.filter((each) => now.includes(each) || !this.#knew.includes(each));
    const came = now.filter((each) => !this.#knew.includes(each) && !kept.includes(each));
    this.#knew = now;
    this.closest("form").elements.knew.value = now.join(", ");
    if (kept.length !== this.addresses.length || came.length) this.set([...kept, ...came]);
  }

  set(addresses) {
    for (const chip of this.chips.querySelectorAll("[data-address]")) chip.remove();
    for (const each of addresses) this.#add(each);
    this.#keep(false);
    const menu = this.closest("details");
    if (menu) menu.open = addresses.length > 0 || this.contains(document.activeElement);
  }

  #build() {
    const given = this.querySelector("input");
    this.kept = Object.assign(document.createElement("input"), { type: "hidden", name: given.name });
    given.removeAttribute("name");
    this.typed = given;
    this.described = given.getAttribute("aria-describedby");
    this.chips = Object.assign(document.createElement("ul"), { className: "chips" });
    this.chips.setAttribute("role", "list");
    this.options = Object.assign(document.createElement("ul"), { className: "mentions", id: `addresses-${++count}`, hidden: true });
    this.options.setAttribute("role", "listbox");
    const name = this.querySelector("label")?.textContent ?? document.querySelector(`label[for="${given.id}"]`)?.textContent ?? "";
    this.options.setAttribute("aria-label", name.trim());
    this.problem = Object.assign(document.createElement("p"), { className: "errors", id: `${this.options.id}-problem`, hidden: true });
    this.said = Object.assign(document.createElement("span"), { className: "unseen" });
    this.said.setAttribute("role", "status");
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.options.id })) given.setAttribute(key, value);
    const line = document.createElement("li");
    line.className = "chips-input";
    given.replaceWith(this.chips);
    line.append(given);
    this.chips.append(line);
    this.append(this.kept, this.options, this.problem, this.said);
    const begun = listed(given.value);
    given.value = given.defaultValue = ""; // what is reset is not filled again
    this.placeholder = given.placeholder;
    for (const each of begun) this.#add(each);
    if ("shared" in this.dataset) this.#knew = listed(this.closest("form").elements.knew?.value ?? "");
    this.#keep(false);
  }

  #add(address) {
    if (this.addresses.includes(address)) return false;
    const chip = document.createElement("li");
    chip.className = "chip";
    chip.dataset.address = address;
    const words = Object.assign(document.createElement("span"), { className: "cut", textContent: address });
    if (!LOOKS_RIGHT.test(address)) {
      chip.classList.add("wrong");
      chip.title = t("no_address", address);
    }
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "chip-remove", textContent: "×" });
    remove.setAttribute("aria-label", t("remove", address));
    chip.append(words, remove);
    this.typed.parentElement.before(chip);
    return true;
  }

  #remove(chip) {
    const next = chip.nextElementSibling?.querySelector("button, input") ?? this.typed;
    chip.remove();
    this.#say(t("removed", chip.dataset.address));
    this.#keep();
    next.focus();
  }

  // What is sent; the first thing that is wrong with it.
  #keep(isTyped = true) {
    const { addresses } = this;
    this.kept.value = addresses.join(", ");
    const wrong = addresses.find((each) => !LOOKS_RIGHT.test(each));
    const most = Number(this.dataset.most) || Infinity;
    this.problem.textContent = wrong ? t("no_address", wrong) : addresses.length > most ? t("most_copies", most) : "";
    this.problem.hidden = !this.problem.textContent;
    if (this.problem.hidden) {
      this.typed.removeAttribute("aria-invalid");
      if (this.described) this.typed.setAttribute("aria-describedby", this.described);
      else this.typed.removeAttribute("aria-describedby");
    } else {
      this.typed.setAttribute("aria-invalid", "true");
      this.typed.setAttribute("aria-describedby", this.problem.id);
    }
    this.typed.placeholder = addresses.length ? "" : this.placeholder;
    if (isTyped) this.kept.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #take(text) {
    const found = listed(text);
    this.typed.value = "";
    const added = found.filter((each) => this.#add(each));
    if (!added.length) return;
    this.#say(t("added", added.join(", ")));
    this.#keep();
  }

  #say(words) { this.said.textContent = words; }

  #paste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (!text.includes("@")) return;
    event.preventDefault();
    event.stopPropagation();
    this.#take(`${this.typed.value} ${text}`);
    this.#close();
  }

  // On phones keys have no names: what was typed is looked at instead. A space ends what is an address by then.
  #split() {
    const { value } = this.typed;
    if (/[,;]/.test(value) && !/<[^>]*$/.test(value)) { this.#take(value); this.#close(); }
    else if (/\s$/.test(value) && LOOKS_RIGHT.test(value.trim())) { this.#take(value); this.#close(); }
  }

  #key(event) {
    if (event.isComposing) return;
    const options = [...this.options.children];
    const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const isOpen = !this.options.hidden && options.length > 0;
    const last = this.typed.parentElement.previousElementSibling;
    if (event.key === "ArrowDown" && isOpen) this.#select(here + 1);
    else if (event.key === "ArrowUp" && isOpen) this.#select(here < 0 ? options.length - 1 : here - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && isOpen && here >= 0) this.#choose(options[here]);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) this.#take(this.typed.value);
    else if (event.key === "Enter") {
      this.#take(this.typed.value);
      const { form } = this.kept;
      form.requestSubmit(form.querySelector("button.primary"));
    } else if (event.key === "Escape" && isOpen) this.#close();
    else if (event.key === "Backspace" && !this.typed.value && last) this.#remove(last);
    else if (event.key === "ArrowLeft" && !this.typed.selectionEnd && last) last.querySelector("button").focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(event) {
    const chip = event.target.closest("[data-address]");
    if (!chip) return;
    const to = { ArrowLeft: chip.previousElementSibling, ArrowRight: chip.nextElementSibling }[event.key];
    if (to) to.querySelector("button, input").focus();
    else if (event.key === "Backspace" || event.key === "Delete") this.#remove(chip);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#offer(), PAUSE_MS);
  }

  async #offer() {
    const typed = this.typed.value.trim();
    const asked = ++this.#asked;
    if (!typed || document.activeElement !== this.typed) { this.#close(); return; }
    let words = "";
    try {
      const response = await fetch(`${this.dataset.src}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
      words = response.ok ? await response.text() : "";
    } catch (error) {
      console.warn("Nobody could be looked for:", error); // one types on
    }
    if (asked !== this.#asked) return;
    this.options.innerHTML = words; // our own server's, escaped there
    for (const option of this.options.children) if (this.addresses.includes(option.dataset.address)) option.remove();
    const options = [...this.options.children];
    options.forEach((option, place) => { option.id = `${this.options.id}-${place}`; });
    if (!options.length) { this.#close(); return; }
    this.options.hidden = false;
    this.typed.setAttribute("aria-expanded", "true");
    this.#select(LOOKS_RIGHT.test(typed) ? -1 : 0);
  }

  #select(place) {
    const options = [...this.options.children];
    const next = place < 0 ? -1 : place % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === next)));
    if (next < 0) { this.typed.removeAttribute("aria-activedescendant"); return; }
    this.typed.setAttribute("aria-activedescendant", options[next].id);
    options[next].scrollIntoView({ block: "nearest" });
  }

  #choose(option) {
    this.#close();
    this.#take(option.dataset.address);
    this.typed.focus();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.options.hidden = true;
    this.options.replaceChildren();
    this.typed.setAttribute("aria-expanded", "false");
    this.typed.removeAttribute("aria-activedescendant");
  }
});
