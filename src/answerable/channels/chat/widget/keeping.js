// What stands in one of the page's stores ("localStorage"): an object, empty where there is none of ours. Throws where
// the browser keeps nothing (a private window, a full disk).
function stored(store, name) {
  const text = window[store].getItem(name);
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    console.warn("The chat could not read what it kept:", error);
    return {};
  }
}

// What this browser keeps for the page's site: its secret, the conversation it is in, and what is not sent yet. All its
// tabs have it together. Where nothing is kept it lasts as long as the page.
const SECRET = /^[\w-]{43}$/;

class Keeping {
  constructor(key) {
    this.name = `answerable-chat-${key}`;
    this.state = {};
    this.renew();
    addEventListener("storage", ({ key: changed }) => { if (changed === this.name || changed === null) this.renew(); });
  }

  get secret() {
    this.renew();
    if (!this.state.secret) this.keep({ secret: random(32) });
    return this.state.secret;
  }

  get hasSecret() { return Boolean(this.state.secret); }

  // As another tab may have left it. `onother` hears when the browser is somebody else's by now, or nobody's.
  renew() {
    if (this.isAlone) return;
    const before = this.state.secret;
    try {
      const { secret, unsent, ...rest } = stored("localStorage", this.name);
      this.state = { ...rest, secret: SECRET.test(secret) ? secret : undefined, unsent: Array.isArray(unsent) ? unsent : [] };
    } catch (error) {
      this.#goAlone(error);
    }
    if (before && before !== this.state.secret) this.onother?.();
  }

  keep(changes) {
    this.renew();
    Object.assign(this.state, changes);
    this.#write((store) => store.setItem(this.name, JSON.stringify(this.state)));
  }

  forget() {
    this.state = {};
    this.#write((store) => store.removeItem(this.name));
  }

  #write(write) {
    if (this.isAlone) return;
    try {
      write(localStorage);
    } catch (error) {
      this.#goAlone(error);
    }
  }

  #goAlone(error) {
    this.isAlone = true;
    console.warn("The chat can keep nothing in this browser:", error);
  }
}
