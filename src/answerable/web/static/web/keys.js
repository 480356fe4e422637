// <answer-keys>: shortcuts written on the elements themselves.
//   <button data-key="r">Reply</button>          pressing r clicks it (a field gets the focus instead)
//   data-key-label="Reply to the customer"       its words in the list, where its own are not enough
//   <ul data-keys-list> <a data-keys-item>       j and k move through the items
// ? lists them, Ctrl+K opens the commands. Nothing happens while somebody types, or with single keys switched off.
const STORE = "answerable.single-keys";
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

// What can be seen, and what stands in a menu whose button can be.
export function isReachable(element) {
  if (element.disabled || element.closest("[hidden]")) return false;
  const menu = element.closest("[popover]");
  const opener = menu && document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  return isShown(element) || Boolean(opener && isShown(opener));
}

export function labelOf(element) {
  const words = element.dataset.keyLabel || element.getAttribute("aria-label") || element.getAttribute("placeholder");
  if (words) return words;
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, svg, .count, .avatar")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ") || element.title;
}

export function press(element) {
  if (element.matches(TYPING)) element.focus();
  else element.click();
}

customElements.define("answer-keys", class extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("toggle", () => this.#list(), { signal, capture: true });
    const on = this.querySelector("[data-keys-on]");
    on.checked = localStorage.getItem(STORE) !== "off";
    on.addEventListener("change", () => localStorage.setItem(STORE, on.checked ? "on" : "off"), { signal });
  }

  disconnectedCallback() { this.stop.abort(); }

  get dialog() { return this.querySelector("dialog"); }

  #key(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    if (isCommand) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("answer:commands"));
      return;
    }
    if (event.ctrlKey || event.metaKey || !this.querySelector("[data-keys-on]").checked) return;
    if (event.target.closest?.(TYPING)) return;
    const open = document.querySelector("dialog[open]") ?? document.querySelector("[popover]:popover-open");
    if (open && !open.matches(".menu")) return;
    if (this.#act(event, open ?? document)) event.preventDefault();
  }

  // In an open menu only its own keys do something.
  #act(event, within) {
    if (event.key === "?" && within === document) {
      this.#list();
      this.dialog.showModal();
      return true;
    }
    // On a keyboard without Latin letters the key's place counts: Georgian ჯ and Kazakh о are where j stands.
    const latin = /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code[3][event.shiftKey ? "toUpperCase" : "toLowerCase"]() : event.key;
    const own = [...within.querySelectorAll(`[data-key="${CSS.escape(latin)}"]`)].find(isReachable);
    if (own) {
      if (!event.repeat) press(own); // a key that is held says it once
      return true;
    }
    return within === document && (latin === "j" || latin === "k") && this.#move(latin === "j" ? 1 : -1);
  }

  #move(step) {
    const list = [...document.querySelectorAll("[data-keys-list]")].find(isShown);
    const items = list ? [...list.querySelectorAll("[data-keys-item]")].filter(isShown) : [];
    if (!items.length) return false;
    const here = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
    const current = here >= 0 ? here : items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = current < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, current + step));
    items[next].focus();
    items[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  #list() {
    const list = this.querySelector("[data-keys]");
    for (const old of list.querySelectorAll("[data-listed]")) old.remove();
    for (const part of list.querySelectorAll("[data-keys-lists]")) part.hidden = !document.querySelector("[data-keys-list]");
    const seen = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
      if (seen.has(element.dataset.key) || !isReachable(element)) continue;
      seen.add(element.dataset.key);
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      const key = document.createElement("kbd");
      term.dataset.listed = words.dataset.listed = "";
      key.textContent = element.dataset.key;
      term.append(key);
      words.textContent = labelOf(element);
      list.append(term, words);
    }
  }
});
