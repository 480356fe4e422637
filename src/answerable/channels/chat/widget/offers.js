// Articles that may already answer what somebody is about to ask: looked for when they pause, never in their way.
const PAUSE_MS = 600;
const SHORTEST = 3;
const LONGEST = 400;

class Offers {
  constructor(panel) {
    this.panel = panel;
    this.element = h("section", { class: "offered", "aria-live": "polite" });
    this.shown = "[]";
  }

  typed(text) {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.#ask(text.trim().slice(-LONGEST)), PAUSE_MS);
  }

  async #ask(text) {
    if (text === this.asked) return;
    this.asked = text;
    try {
      const { articles } = text.length < SHORTEST ? { articles: [] } : await this.panel.line.ask("articles/", { fields: { text }, known: false });
      if (this.asked === text) this.#show(articles);
    } catch (error) {
      console.debug("The chat could not look for articles:", error);
    }
  }

  // What is the same stays as it is: a screen reader says it once.
  #show(articles) {
    const shown = JSON.stringify(articles);
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.replaceChildren(...(articles.length ? [
      h("h3", {}, this.panel.t("offered")),
      h("ul", {}, articles.map(({ title, url, language }) => h("li", {}, h("a", { href: url, lang: language, target: "_blank", rel: "noopener" }, title)))),
    ] : []));
    this.element.scrollIntoView({ block: "nearest" });
  }
}
