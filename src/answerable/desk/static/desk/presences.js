// <answer-presences src="/presences/">: signs on the rows of the list, of who else looks at or answers which
// conversation. Fetched when the list comes, when somebody comes to or leaves one of its rows, and while there are signs.
const GATHER_MS = 1500;
const AGAIN_MS = 20000;

customElements.define("answer-presences", class extends HTMLElement {
  #signs = new Map();
  #soon = 0;
  #again = 0;

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("answer:hint", ({ detail }) => {
      if (detail.root.startsWith("presence-") && document.getElementById(`row-${detail.root.slice(9)}`)) this.#gather();
    }, { signal });
    document.addEventListener("desk:reconciled", ({ target }) => { if (target.id === "rows") this.#mark(); }, { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#gather(); }, { signal });
    this.#fetch();
  }

  disconnectedCallback() {
    clearTimeout(this.#soon);
    clearTimeout(this.#again);
    this.stop.abort();
  }

  #gather() { this.#soon ||= setTimeout(() => this.#fetch(), GATHER_MS * (0.5 + Math.random() / 2)); }

  async #fetch() {
    clearTimeout(this.#again);
    this.#soon = 0;
    if (document.hidden) return;
    try {
      const response = await fetch(this.getAttribute("src"), { headers: { "HX-Request": "true" } });
      if (!response.ok || !this.isConnected) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html"); // our own server's, escaped there
      this.#signs = new Map();
      for (const sign of fresh.querySelectorAll("[data-at]")) {
        const row = `row-${sign.dataset.at}`;
        this.#signs.set(row, [...(this.#signs.get(row) ?? []), sign.textContent]);
      }
      this.#mark();
      if (this.#signs.size) this.#again = setTimeout(() => this.#fetch(), AGAIN_MS);
    } catch (error) {
      console.warn("Who is where could not be asked:", error);
    }
  }

  #mark() {
    for (const foot of document.querySelectorAll("#rows .item-foot")) {
      const signs = this.#signs.get(foot.parentElement.id);
      if (signs) foot.dataset.presence = signs.join(" · ");
      else delete foot.dataset.presence;
    }
  }
});
