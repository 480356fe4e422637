// <answer-presence src="/conversations/42/presence/" data-live="presence-42">: tells the server every 15 s that somebody
// looks at this, at once when they begin or stop to write an answer, and when they leave. What comes back shows who else
// does: people in #presence, who writes in #writing. Nobody is shown for longer than the server vouches for them.
const BEAT_MS = 15000;
const STILL_TYPING_MS = 10000; // said again while they go on
const STOPPED_MS = 8000;
const FADES_MS = 21000;

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

customElements.define("answer-presence", class extends HTMLElement {
  #typedAt = 0;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.timer = setInterval(() => { if (!document.hidden) this.#tell(); }, BEAT_MS);
    this.addEventListener("changed", () => this.#ask(), { signal });
    document.addEventListener("input", ({ target }) => { if (target.closest?.("answer-composer [data-panel='outbound']")) this.#type(target); }, { signal });
    document.addEventListener("written", () => this.#rest(), { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.#tell()), { signal });
    addEventListener("pagehide", () => this.#leave(), { signal });
    if (!document.hidden) this.#tell();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.still);
    clearTimeout(this.fading);
    this.stop.abort();
    this.#leave();
  }

  #type(field) {
    clearTimeout(this.still);
    if (field.matches("textarea") && !field.value.trim()) return this.#rest();
    this.still = setTimeout(() => this.#rest(), STOPPED_MS);
    if (Date.now() - this.#typedAt < STILL_TYPING_MS) return;
    this.#typedAt = Date.now();
    this.#tell({ typing: "1" });
  }

  #rest() {
    clearTimeout(this.still);
    if (!this.#typedAt) return;
    this.#typedAt = 0;
    this.#tell({ typing: "0" });
  }

  #tell(fields = {}) { return this.#show(() => this.#post(fields)); }

  #ask() { return this.#show(() => fetch(this.getAttribute("src"), { headers: { "HX-Request": "true" } })); }

  async #show(request) {
    try {
      const response = await request();
      if (response.status === 404) clearInterval(this.timer); // it has gone to another team
      if (!response.ok || !this.isConnected) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html"); // our own server's, escaped there
      for (const id of ["presence", "writing"]) {
        const [shown, came] = [document.getElementById(id), fresh.getElementById(id)];
        if (shown && came && shown.innerHTML !== came.innerHTML) shown.innerHTML = came.innerHTML;
      }
      clearTimeout(this.fading);
      if (fresh.querySelector("[data-typing]")) this.fading = setTimeout(() => this.#ask(), FADES_MS);
    } catch (error) {
      console.warn("Presence could not be told:", error);
    }
  }

  #leave() {
    this.#typedAt = 0;
    this.#post({ gone: "1" }, true).catch((error) => console.warn("Leaving could not be told:", error));
  }

  #post(fields, keepalive = false) {
    const body = new URLSearchParams(fields);
    return fetch(this.getAttribute("src"), { method: "POST", body, keepalive, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
  }
});
