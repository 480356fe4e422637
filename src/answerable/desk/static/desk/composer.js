// <answer-composer>: the boxes to write in, reply and note. Nothing from elsewhere is ever written over what is typed.
//   written  (from the server) what was sent is on its way: of the box only what was typed since is left
//   macro    (from the server) a macro was applied: its text goes into the box, and sending it may set a status
//   undone   (from the server) a reply came back: its words stand above what has been typed since
// seen_event follows the timeline only while the box is empty. Who began to write before something came in is told so
// by the server when they send.
customElements.define("answer-composer", class extends HTMLElement {
  #sent = new Map(); // by form: what it took along the last time
  #waits = new Set(); // the forms that were to send while they were sending
  #goneOn = new Set(); // the forms in which somebody wrote on while they were sending

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("submit", ({ target }) => { if (target.matches(".htmx-request")) this.#waits.add(target); }, { signal, capture: true });
    this.addEventListener("htmx:configRequest", (event) => this.#take(event), { signal });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.mode) this.#show(button.dataset.mode, true);
      if (button && "insert" in button.dataset) this.#insert(button);
    }, { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("input", ({ target }) => { if (target.matches("textarea")) this.dataset.typedAt = Date.now(); }, { signal });
    document.addEventListener("written", ({ detail }) => this.#clear(detail.kind), { signal });
    document.addEventListener("macro", ({ detail }) => this.#applied(detail), { signal });
    this.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "macro-preview") this.#look(target); }, { signal });
    document.addEventListener("undone", ({ detail }) => { if (String(detail.conversation) === this.dataset.conversation) this.#restore(detail); }, { signal });
    document.addEventListener("desk:reconciled", ({ target }) => { if (target.id === "timeline") this.#follow(true); }, { signal });
    const begun = this.querySelector('[data-panel="note"] textarea')?.value && !this.#text("outbound")?.value;
    if (begun || location.hash === "#note") this.#show("note", false);
  }

  disconnectedCallback() { this.stop.abort(); }

  #panel(mode) { return this.querySelector(`[data-panel="${mode}"]`); }
  #text(mode) { return this.#panel(mode)?.querySelector("textarea"); }

  // Who gets an answer without the others seeing it.
  get #unseen() { return this.querySelector("answer-addresses:not([data-shared])"); }

  #show(mode, focus) {
    for (const panel of this.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== mode;
    for (const button of this.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    if (focus) this.#enter(this.#text(mode));
  }

  // Behind a draft's last word, where nobody has put the caret anywhere yet.
  #enter(field) {
    field?.focus();
    if (field?.selectionEnd === 0) field.setSelectionRange(field.value.length, field.value.length);
  }

  #insert(button) {
    button.closest("[popover]")?.hidePopover();
    this.#write("outbound", button.dataset.insert);
  }

  #write(mode, text) {
    const field = this.#text(mode);
    if (!field) return;
    this.#enter(field);
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #look(preview) {
    this.querySelector("#macro-menu")?.hidePopover();
    preview.closest("dialog").showModal();
  }

  #applied({ text, into, then, words }) {
    this.querySelector("#macro-dialog").close();
    if (!text) return;
    this.#show(into, true);
    this.#write(into, text);
    if (into === "outbound" && then) this.#sendAs(then, words);
  }

  // What the button Send sets: pending, unless a macro said otherwise.
  #sendAs(status, words = "") {
    const form = this.#panel("outbound")?.querySelector("form");
    if (!form) return;
    form.querySelector("button.primary[name=then]").value = status;
    const said = form.querySelector("#macro-then");
    said.textContent = words;
    said.hidden = !words;
  }

  #key(event) {
    if (!event.target.matches("textarea")) return;
    const { form } = event.target;
    const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && form.querySelector("[data-enter-sends]")); // in a chat
    if (event.key === "Enter" && sends && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.primary"));
    } else if (event.altKey && event.code === "KeyC") {
      event.preventDefault();
      this.querySelector("#macro-menu")?.showPopover();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.target.blur();
    }
  }

  // What is on its way is remembered. Who pressed the keys twice has sent once: the second time nothing is left.
  #take(event) {
    const form = event.target;
    if (!form.matches(".composer")) return;
    const { value: text } = form.querySelector("textarea");
    const files = [...form.querySelector("answer-files").input.files];
    if (this.#waits.delete(form) && !text.trim() && !files.length) event.preventDefault();
    else this.#sent.set(form, { text, files });
  }

  // Who types while an answer is on its way types the next one.
  #clear(kind) {
    const form = this.#panel(kind)?.querySelector("form");
    if (!form) return;
    const field = form.querySelector("textarea"), files = form.querySelector("answer-files");
    const sent = this.#sent.get(form) ?? { text: field.value, files: [] };
    const typed = field.value.startsWith(sent.text) ? field.value.slice(sent.text.length).trimStart() : field.value;
    const chosen = [...files.input.files].filter((file) => !sent.files.includes(file));
    field.defaultValue = "";
    form.reset();
    field.value = typed;
    files.add(chosen);
    for (const file of form.querySelectorAll(".kept > li")) file.remove();
    const status = form.querySelector("[data-draft-status]");
    if (status) status.textContent = "";
    this.querySelector("#problem").replaceChildren();
    if (kind === "outbound") {
      this.#sendAs("pending");
      this.#unseen?.set([]);
    }
    if (typed) {
      this.#goneOn.add(form); // the answer that they sent is no news to what they write now
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#follow();
  }

  #restore({ text, html, known, blind = [] }) {
    const field = this.#text("outbound");
    if (!field) return;
    this.#show("outbound", false);
    field.closest("answer-draft").known = known;
    if (html) field.closest("answer-editor").restore(html);
    else field.value = field.value.trim() ? `${text}\n\n${field.value}` : text;
    if (blind.length) this.#unseen?.set([...this.#unseen.addresses, ...blind]);
    field.focus();
    document.getElementById("timeline")?.dispatchEvent(new CustomEvent("changed"));
  }

  #follow(isAnew = false) {
    const { lastEvent: last, copied } = document.getElementById("timeline")?.dataset ?? {};
    if (!last) return;
    this.querySelector("answer-addresses[data-shared]")?.follow(copied ?? "");
    for (const seen of this.querySelectorAll("input[name=seen_event]")) {
      if (!seen.form.querySelector("textarea").value.trim() || (isAnew && this.#goneOn.delete(seen.form))) seen.value = last;
    }
  }
});
