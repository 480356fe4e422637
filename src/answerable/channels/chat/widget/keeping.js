// What this browser keeps for the page's site: its secret, the conversation it is in, and what is not sent yet. Where
// the browser keeps nothing (a private window, a full disk) it lasts as long as the page.
class Keeping {
  constructor(key) {
    this.name = `answerable-chat-${key}`;
    this.state = {};
    try {
      this.state = JSON.parse(localStorage.getItem(this.name) ?? "{}") ?? {};
    } catch (error) {
      console.warn("The chat could not read what it kept:", error);
    }
  }

  get secret() {
    if (!this.state.secret) this.keep({ secret: random(32) });
    return this.state.secret;
  }

  get hasSecret() { return Boolean(this.state.secret); }

  keep(changes) {
    Object.assign(this.state, changes);
    try {
      localStorage.setItem(this.name, JSON.stringify(this.state));
    } catch (error) {
      console.warn("The chat could not keep this:", error);
    }
  }

  forget() {
    this.state = {};
    try {
      localStorage.removeItem(this.name);
    } catch (error) {
      console.warn("The chat could not forget:", error);
    }
  }
}
