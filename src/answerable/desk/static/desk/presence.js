// <answer-presence src="/conversations/42/presence/">: tells the server every 15 s that somebody looks at this, at once
// when they begin or stop to type, and when they leave. What is inside shows who else does.
const BEAT_MS = 15000;
const TYPING_MS = 8000;

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

customElements.define("answer-presence", class extends HTMLElement {
  #typing = false;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.timer = setInterval(() => { if (!document.hidden) this.#beat(); }, BEAT_MS);
    document.addEventListener("input", ({ target }) => { if (target.closest?.("answer-composer")) this.#type(); }, { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.#beat()), { signal });
    addEventListener("pagehide", () => this.#leave(), { signal });
    if (!document.hidden) this.#beat();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.still);
    this.stop.abort();
    this.#leave();
  }

  #type() {
    clearTimeout(this.still);
    this.still = setTimeout(() => { this.#typing = false; this.#beat(); }, TYPING_MS);
    if (this.#typing) return;
    this.#typing = true;
    this.#beat();
  }

  async #beat() {
    try {
      const response = await this.#post({ typing: this.#typing ? "1" : "0" });
      if (response.status === 404) clearInterval(this.timer); // it has gone to another team
      const shown = this.querySelector("#presence");
      if (!response.ok || !shown) return;
      const words = await response.text();
      if (shown.innerHTML !== words) shown.innerHTML = words; // our own server's, escaped there
    } catch (error) {
      console.warn("Presence could not be told:", error);
    }
  }

  #leave() { this.#post({ gone: "1" }, true).catch((error) => console.warn("Leaving could not be told:", error)); }

  #post(fields, keepalive = false) {
    const body = new URLSearchParams(fields);
    return fetch(this.getAttribute("src"), { method: "POST", body, keepalive, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
  }
});
