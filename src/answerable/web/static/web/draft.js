// <answer-draft src="/conversations/42/draft"> around a form: what is typed is kept on the server.
//   <answer-draft src="..."><form>... <textarea id="reply-42" hx-preserve name="body"></textarea>
//     <span data-draft-status role="status"></span></form></answer-draft>
// It POSTs the form's fields (with their CSRF token, files left out) 700 ms after the last key, again when leaving the
// page, and again later when that failed, or when the words could not be sent. The answer is the time of day that it was
// kept at, as the reader says times: the browser may stand in another time zone. It never writes into what somebody is
// typing, so it can't eat it; where the page refetches what is around, hx-preserve on the textarea (it needs an id)
// carries it over with focus and caret.
// A page that is asked for while the last words are on their way may be drawn without them: the tab takes them along,
// and they stand in the box before anybody types. Where they could not be kept, as whoever was signed out over night
// finds in the morning, they wait in the tab for as long as that takes.
// Two tabs may show one draft. Each says its name, and the version that it was opened with (<input name="known">); where the
// draft has gone on elsewhere the server keeps nothing (409) and says what stands there: {text, html}. Then the writer
// chooses, and until they do, their words stay in the box, and with the tab.
import { t } from "./words.js";

const PAUSE_MS = 700;
const RETRY_MS = 5000;
const CARRIED_MS = 30000;

customElements.define("answer-draft", class extends HTMLElement {
  #timer = 0;
  #dirty = false;
  #failed = false;
  #sending = null;
  #outlives = false;
  #tab = Math.random().toString(36).slice(2);
  #known = null;
  #insists = false;
  #notice = null;
  #other = null;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      this.#dirty = true;
      this.#later(PAUSE_MS);
    }, { signal });
    // What is sent is no draft any more, until it turns out that it was refused or never arrived.
    const isSent = ({ target, type }) => {
      if (!target.matches("form") || (type === "submit" && target.matches(".htmx-request"))) return; // it waits for another
      this.#dirty = this.#failed = false;
      clearTimeout(this.#timer);
      this.#sending?.abort(); // or it might arrive after what was sent, and bring the draft back
      this.#sending = null;
      sessionStorage.removeItem(this.#place);
      this.#settled();
    };
    for (const name of ["submit", "htmx:beforeSend"]) this.addEventListener(name, isSent, { signal });
    this.addEventListener("htmx:afterRequest", ({ target, detail }) => {
      if (!target.matches("form") || detail.successful) return;
      this.#dirty = this.#failed = true;
      this.#later(PAUSE_MS);
    }, { signal });
    addEventListener("online", () => { if (this.#dirty) this.#later(0); }, { signal });
    addEventListener("beforeunload", (event) => { if (this.#notice) event.preventDefault(); }, { signal });
    for (const leaving of ["beforeunload", "pagehide"]) addEventListener(leaving, () => this.#leave(), { signal });
    this.#arrive();
  }

  disconnectedCallback() {
    this.#leave();
    clearTimeout(this.#timer);
    this.stop.abort();
  }

  // Whose it is and what it is for: nobody who signs in next in this tab finds it.
  get #place() {
    const user = document.querySelector("answer-command")?.dataset.user ?? "";
    return `answerable.leaving.${user}.${this.getAttribute("src")}.${this.dataset.panel ?? ""}`;
  }

  // The version that stands in the box, where that is not what this page was opened with.
  set known(version) { this.#known = version; }

  get #opened() { return this.#known ?? this.querySelector("input[name=known]")?.value ?? ""; }

  get #words() { return [...this.querySelectorAll("textarea[name], input[name=title], input[name=html]")]; }

  #leave() {
    if (this.#sending && !this.#outlives) this.#dirty = true; // it would end with the page
    if (!this.#dirty) return;
    const said = Object.fromEntries(this.#words.map(({ name, value }) => [name, value]));
    sessionStorage.setItem(this.#place, JSON.stringify({ at: Date.now(), tab: this.#tab, known: this.#opened, waits: Boolean(this.#notice) || this.#failed, said }));
    this.#save(true);
  }

  #arrive() {
    const { at = 0, said = {}, tab = this.#tab, known = null, waits } = JSON.parse(sessionStorage.getItem(this.#place) ?? "{}");
    sessionStorage.removeItem(this.#place);
    this.#tab = tab;
    const newer = waits || Date.now() - at < CARRIED_MS ? this.#words.filter(({ name, value }) => name in said && value !== said[name]) : [];
    for (const field of newer) field.value = said[field.name];
    if (!newer.length) return;
    if (waits) this.#known = known; // of what was kept elsewhere meanwhile they know nothing
    this.#dirty = true;
    this.#later(PAUSE_MS);
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(false), ms);
  }

  #say(text) {
    const status = this.querySelector("[data-draft-status]");
    if (status) status.textContent = text;
  }

  // What stands elsewhere can be put above what was typed here, or be given up for it.
  #choose(other) {
    this.#dirty = true; // nothing of it is kept
    this.#other = other;
    this.#say("");
    if (this.#notice) return;
    this.#notice = document.createElement("div");
    this.#notice.className = "notice warn";
    this.#notice.setAttribute("role", "alert");
    const [all, words, choices] = ["div", "p", "div"].map((name) => document.createElement(name));
    all.className = "stack tight";
    words.textContent = t("elsewhere");
    choices.className = "row tight";
    const button = (label, act) => {
      const one = document.createElement("button");
      Object.assign(one, { type: "button", className: "button small", textContent: t(label) });
      one.addEventListener("click", () => {
        act();
        this.#settled();
        this.#insists = this.#dirty = true;
        this.#later(0);
      });
      return one;
    };
    const both = other.text ? [button("keep_both", () => this.#putAbove(this.#other))] : [];
    choices.append(...both, button("keep_these", () => {}));
    all.append(words, choices);
    this.#notice.append(all);
    this.querySelector(".actions").before(this.#notice);
  }

  #putAbove({ text, html }) {
    const field = this.querySelector("textarea"), editor = field.closest("answer-editor");
    if (html && editor) editor.restore(html);
    else field.value = `${text}\n\n${field.value}`;
  }

  #settled() {
    this.#notice?.remove();
    this.#notice = null;
  }

  async #save(keepalive) {
    const form = this.querySelector("form");
    if (!this.#dirty || !form) return;
    const isBeingSent = form.matches(".htmx-request"); // what is typed meanwhile is kept once it is known what is left
    if ((this.#sending || isBeingSent) && !keepalive) { this.#later(PAUSE_MS); return; }
    this.#dirty = false;
    this.#outlives = keepalive;
    if (!keepalive) sessionStorage.removeItem(this.#place);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("tab", this.#tab);
    if (this.#known !== null) body.set("known", this.#known);
    if (this.#insists) body.set("insists", "on");
    if (!this.#notice) this.#say(t("saving"));
    const sending = new AbortController();
    this.#sending = sending;
    try {
      const response = await fetch(this.getAttribute("src"), { method: "POST", body, keepalive, signal: sending.signal });
      if (response.status === 404) { this.#say(t("not_saved")); return; } // out of sight now: asking again won't help
      if (response.status === 409) { this.#choose(await response.json()); return; }
      if (!response.ok || response.redirected) throw new Error(`${response.status}`);
      this.#insists = this.#failed = false;
      this.#settled();
      this.#say(t("saved", await response.text()));
      if (!this.#dirty) this.dispatchEvent(new CustomEvent("answer:draft-saved", { bubbles: true }));
    } catch (error) {
      if (sending.signal.aborted) return;
      console.warn("The draft could not be saved:", error);
      this.#dirty = this.#failed = true;
      this.#say(t("not_saved"));
      if (this.isConnected) this.#later(RETRY_MS);
    } finally {
      if (this.#sending === sending) this.#sending = null;
    }
  }
});
