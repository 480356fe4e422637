// One conversation: what was said, what is not sent yet, and how it stands. Messages go one after the other and are
// called by a name of their own, so that none is lost, doubled or out of order however often the line breaks.
const TYPING_AGAIN_MS = 4000;
const TYPED_MS = 6000;
const ASK_WAITING_MS = 20000;

class Talk extends EventTarget {
  constructor(line, keeping) {
    super();
    Object.assign(this, { line, keeping });
    this.messages = [];
    this.state = {};
    this.upto = 0; // what was fetched; of our own messages we may know later ones
    this.id = keeping.state.conversation;
    this.outbox = (keeping.state.unsent ?? []).map((each) => ({ ...each, files: [] })); // of any conversation
    this.had = new Set(this.outbox.map(({ once }) => once));
    this.seen = 0;
    this.failures = 0;
  }

  // What is not sent yet of this conversation.
  get unsent() { return this.outbox.filter(({ conversation }) => conversation === this.id); }

  changed() { this.dispatchEvent(new Event("changed")); }

  begin(id) {
    this.keeping.keep({ conversation: id });
    this.#turnTo(id);
    this.follow();
  }

  leave() {
    this.#hangUp();
    this.keeping.keep({ conversation: undefined });
  }

  // Whoever was here is gone: nothing of theirs is shown or sent any more.
  forget() {
    this.lose();
    this.keeping.forget();
  }

  // Likewise, where it was in another tab.
  lose() {
    this.#hangUp();
    this.outbox = [];
    this.isStuck = false;
    this.dispatchEvent(new Event("lost"));
  }

  #hangUp() {
    this.line.stop();
    clearInterval(this.asking);
    clearTimeout(this.asksAgain);
    this.#turnTo(undefined);
  }

  #turnTo(id) { Object.assign(this, { id, messages: [], state: {}, upto: 0, seen: 0 }); }

  // From now on whatever is new in it is fetched as it comes.
  follow() {
    clearInterval(this.asking);
    this.flush();
    if (!this.id) return;
    this.line.listen(() => this.fetch(), () => this.fetch());
    this.asking = setInterval(() => { if (this.state.state === "waiting" && !document.hidden) this.fetch(); }, ASK_WAITING_MS);
    this.fetch();
  }

  async fetch() {
    if (this.fetching) { this.again = true; return; }
    this.fetching = true;
    clearTimeout(this.asksAgain);
    try {
      do {
        this.again = false;
        await this.#fetch();
      } while (this.again);
      this.failures = 0;
    } catch (error) {
      if (error.status === 401 || error.status === 404) this.#isGone();
      else { // the line may stand, by another process than the one that did not answer: nobody else would ask again
        console.debug("The chat will ask again:", error);
        this.asksAgain = setTimeout(() => this.fetch(), delay(this.failures));
        this.failures += 1;
      }
    } finally {
      this.fetching = false;
    }
    this.changed();
  }

  // What is not sent yet begins another one.
  #isGone() {
    for (const each of this.unsent) each.conversation = undefined;
    this.leave();
  }

  async #fetch() {
    const { id, messages: shown } = this;
    if (!id) return;
    const { messages, more, ...state } = await this.line.ask(`conversations/${id}/`, { query: { after: this.upto } });
    if (shown !== this.messages) return; // they have left it, and may be back: then nothing of before is shown yet
    this.#add(messages);
    this.upto = messages.at(-1)?.id ?? this.upto;
    this.again ||= more;
    this.state = state;
    if (state.state === "ended") this.line.stop();
  }

  #add(messages) {
    for (const message of messages) if (!this.messages.some(({ id }) => id === message.id)) this.messages.push(message);
    this.messages.sort((one, other) => one.id - other.id);
  }

  say(text, files = [], name = "") {
    const once = newName();
    this.had.add(once);
    this.outbox.push({ once, text, files, name, conversation: this.id, at: new Date().toISOString() });
    this.#keepUnsent();
    this.changed();
    this.flush();
  }

  // Beside what other tabs have not sent yet. No browser keeps files.
  #keepUnsent() {
    this.keeping.renew();
    const others = (this.keeping.state.unsent ?? []).filter(({ once }) => !this.had.has(once));
    const mine = this.outbox.filter(({ files, error }) => !files.length && !error).map(({ files, ...rest }) => rest);
    this.keeping.keep({ unsent: [...others, ...mine] });
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    for (let tries = 0; ;) {
      const next = this.outbox.find(({ error }) => !error);
      if (!next) break;
      try {
        const message = await this.line.ask("messages/", { fields: { once: next.once, text: next.text, name: next.name, conversation: next.conversation, attachments: next.files, ...where() } });
        if (!this.outbox.includes(next)) continue; // whose it was is gone
        const isShown = next.conversation === this.id;
        this.outbox = this.outbox.filter((each) => each !== next);
        for (const each of this.outbox) if (each.conversation === next.conversation) each.conversation = message.conversation;
        this.#keepUnsent();
        tries = 0;
        this.isStuck = false;
        if (!isShown) continue;
        message.files.forEach((file, at) => { file.blob = next.files[at]; }); // what was sent need not be fetched to be shown
        if (message.conversation !== this.id) this.begin(message.conversation);
        this.#add([message]);
        if (this.state.state === "ended") this.follow();
        else this.fetch();
      } catch (error) {
        if (error instanceof Refusal && error.status < 500 && error.status !== 429) next.error = error.message;
        else {
          this.isStuck = error.status === 429 ? error.message : true;
          this.changed();
          await (error.wait ? new Promise((done) => setTimeout(done, error.wait * 1000)) : pause(delay(tries)));
          tries += 1;
        }
      }
      this.changed();
    }
    this.flushing = false;
  }

  retry(unsent) {
    delete unsent.error;
    this.changed();
    this.flush();
  }

  drop(unsent) {
    this.outbox = this.outbox.filter((each) => each !== unsent);
    this.#keepUnsent();
    this.changed();
  }

  typed() {
    clearTimeout(this.still);
    this.still = setTimeout(() => this.#typing(false), TYPED_MS);
    if (Date.now() - (this.typedAt ?? 0) > TYPING_AGAIN_MS) this.#typing(true);
  }

  #typing(isTyping) {
    this.typedAt = isTyping ? Date.now() : 0;
    if (this.id) this.sign({ typing: isTyping });
  }

  // What stands on the screen has been seen.
  look() {
    const last = this.messages.findLast(({ mine }) => !mine)?.id ?? 0;
    if (last <= Math.max(this.seen, this.state.seen ?? 0)) return;
    this.seen = last;
    this.sign({ seen: last });
  }

  async sign(fields, keepalive = false) {
    try {
      await this.line.ask("signs/", { fields: { conversation: this.id, ...where(), ...fields }, keepalive });
    } catch (error) {
      if (fields.seen) {
        this.seen = 0;
        setTimeout(() => this.changed(), LONGEST_WAIT_MS);
      }
      console.debug("The chat could not tell:", error);
    }
  }
}

// The page they are on; what stands behind ? and # may be secret and stays here.
const where = () => ({ page_url: location.origin + location.pathname, page_title: document.title });
