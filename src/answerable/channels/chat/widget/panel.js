// <answerable-chat>: the button at the page's edge and what opens from it.
const LOOK_KEPT_MS = 10 * 60 * 1000;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(LOOK);

class Panel extends HTMLElement {
  connectedCallback() {
    if (this.root) return;
    this.root = this.attachShadow({ mode: "open" });
    this.colours = new CSSStyleSheet();
    this.root.adoptedStyleSheets = [SHEET, this.colours];
    this.talk = new Talk(this.line, this.keeping);
    this.talk.addEventListener("changed", () => this.#draw());
    this.talk.addEventListener("lost", () => this.#clear());
    this.keeping.onother = () => {
      this.talk.lose();
      if (this.isOpen) this.start(false);
    };
    document.addEventListener("visibilitychange", () => this.#looked());
    addEventListener("pagehide", () => { if (this.talk.id) this.talk.sign({ leaving: true }, true); });
    addEventListener("beforeunload", (event) => { if (this.talk.outbox.some(({ files }) => files.length)) event.preventDefault(); }); // no browser keeps files
    this.root.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.isOpen) this.close(); });
    this.#begin();
  }

  get language() { return this.look.language; }
  t(name) { return this.look.words[name]; }
  time(at) { return this.#date(at, new Date(at).toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }); }

  // Of some languages a browser knows no dates: they are told in figures, as those who read them write them.
  #date(at, words) {
    const isKnown = Intl.DateTimeFormat.supportedLocalesOf(this.language).length > 0 && !/\d/.test(new Intl.DateTimeFormat(this.language, { month: "short" }).format());
    const figures = Object.keys(words).length ? { day: "2-digit", month: "2-digit" } : {};
    return new Intl.DateTimeFormat(isKnown ? this.language : "ru", { hour: "numeric", minute: "2-digit", ...(isKnown ? words : figures) }).format(new Date(at));
  }

  get isOpen() { return Boolean(this.dialog && !this.dialog.hidden); }

  async #begin() {
    try {
      await this.#know(LOOK_KEPT_MS);
    } catch (error) {
      console.warn("The chat can't be shown here:", error.message);
      this.remove();
      return;
    }
    this.badge = h("span", { class: "badge", hidden: true });
    this.launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": this.t("open"), title: this.t("open"), onclick: () => (this.isOpen ? this.close() : this.open()) }, icon("chat"), this.badge);
    this.root.append(this.launcher);
    this.talk.follow();
    if (this.keeping.state.open && matchMedia("(min-width: 30.01rem)").matches) this.open(false);
    if (this.wanted) this.open();
  }

  #kept(name) {
    try {
      return stored("sessionStorage", name);
    } catch (error) {
      console.debug("The chat could not read how it looks:", error);
      return {};
    }
  }

  // How it looks and whether anybody is there. Asked once a visit and again whenever it is opened.
  async #know(age = 0) {
    const name = `${this.keeping.name}-look-${this.line.language}`;
    const kept = age ? this.#kept(name) : {};
    if (Date.now() - kept.at < age && kept.look) this.look = kept.look;
    else {
      this.look = await this.line.ask("", { known: this.keeping.hasSecret });
      try {
        sessionStorage.setItem(name, JSON.stringify({ at: Date.now(), look: { ...this.look, conversations: [], address: "" } }));
      } catch (error) {
        console.debug("The chat could not keep how it looks:", error);
      }
    }
    this.line.language = this.look.language;
    this.colours.replaceSync(`:host { --accent: ${this.look.colour}; }`);
    this.lang = this.look.language;
  }

  open(focus = true) {
    if (!this.launcher) { this.wanted = true; return; }
    if (!this.dialog) this.#build();
    this.dialog.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.toggleAttribute("open", true);
    this.keeping.keep({ open: true });
    this.start(focus);
  }

  close() {
    this.dialog.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.toggleAttribute("open", false);
    this.keeping.keep({ open: false });
    this.launcher.focus();
  }

  // Nothing is left to be seen of whoever was here.
  #clear() {
    Object.assign(this.look ?? {}, { conversations: [], address: "", is_confirmed: false });
    this.thread = null;
    this.body?.replaceChildren();
    this.foot?.replaceChildren();
    if (this.launcher) this.#unread();
  }

  #build() {
    this.heading = h("h2", { id: "title" }, this.look.name);
    this.status = h("p", { class: "status", role: "status" });
    this.backButton = h("button", { type: "button", class: "only", "aria-label": this.t("back"), title: this.t("back"), onclick: () => this.#back() }, icon("back"));
    this.body = h("div", { class: "body" });
    this.foot = h("div", { class: "foot" });
    this.dialog = h("div", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      h("header", {}, this.backButton, h("div", { class: "heading" }, this.heading, this.status),
        h("button", { type: "button", class: "only", "aria-label": this.t("close"), title: this.t("close"), onclick: () => this.close() }, icon("close"))),
      this.body, this.foot);
    this.dialog.addEventListener("input", ({ target }) => { if (!this.thread && target.matches("textarea")) this.offers.typed(target.value); });
    this.root.prepend(this.dialog);
  }

  // Where they are: in the conversation that goes on, else at the beginning.
  async start(focus = true) {
    if (this.identity) await this.identity;
    try {
      await this.#know();
    } catch (error) {
      this.#say(this.t("offline"));
      console.debug("The chat could not ask who is there:", error);
    }
    const going = this.look.conversations.find(({ state }) => state !== "ended");
    if (!this.talk.id && going) this.talk.begin(going.id);
    if (this.talk.id || this.talk.unsent.length) this.converse();
    else this.home();
    if (focus) this.focusWriting();
  }

  focusWriting() { (this.foot.querySelector("textarea") ?? this.body.querySelector("input, textarea") ?? this.dialog.querySelector("header button:last-child")).focus(); }

  #say(words) { if (this.status && this.status.textContent !== words) this.status.textContent = words; }

  home() {
    this.thread = null;
    this.backButton.hidden = true;
    const { look } = this;
    if (this.talk.state.state === "ended") this.talk.leave();
    const isOffline = !look.is_here;
    this.#say(isOffline ? "" : look.line || this.t("here"));
    const opens = look.opens_at && say(this.t("opens"), this.#date(look.opens_at, { weekday: "long" }));
    this.offers = new Offers(this);
    this.name = h("input", { name: "name", autocomplete: "name", maxlength: 200 });
    this.body.className = "body home";
    this.body.replaceChildren(...[
      h("p", { class: "greeting" }, look.greeting || this.t("greeting")),
      isOffline && h("p", {}, this.t("closed"), " ", opens),
      this.earlier = h("div", {}, this.#earlier()),
      isOffline ? letter(this) : look.is_confirmed || this.keeping.state.met ? null : h("label", {}, h("span", {}, this.t("your_name"), " ", h("span", { class: "muted" }, this.t("optional"))), this.name),
      look.is_confirmed ? null : h("details", { class: "before" }, h("summary", {}, this.t("before")), code(this)),
      this.offers.element,
    ].filter(Boolean));
    this.foot.replaceChildren(...(isOffline ? [] : [this.#newComposer().element]));
    this.body.scrollTop = 0;
  }

  // To the beginning, where the conversation they come from is among theirs.
  async #back() {
    this.home();
    this.focusWriting();
    try {
      await this.#know();
    } catch (error) {
      console.debug("The chat could not ask for their conversations:", error);
    }
    this.earlier.replaceChildren(...[this.#earlier()].filter(Boolean));
  }

  #newComposer() {
    this.composer = new Composer(this);
    return this.composer;
  }

  #earlier() {
    const { conversations } = this.look;
    if (!conversations.length) return null;
    return h("section", { class: "earlier" }, h("h3", {}, this.t("earlier")), h("ul", {}, conversations.map((each) => h("li", {},
      h("button", { type: "button", onclick: () => { this.talk.begin(each.id); this.converse(); this.focusWriting(); } },
        h("span", { class: "cut" }, each.preview || each.subject), h("time", { class: "muted", datetime: each.at }, this.time(each.at)))))));
  }

  converse() {
    if (this.thread && this.thread.of === this.talk.id) { this.#draw(); return; }
    this.backButton.hidden = false;
    this.keeping.keep({ met: true });
    this.thread = new Thread(this);
    this.thread.of = this.talk.id;
    this.below = h("div", { class: "below" });
    this.shownBelow = "";
    this.body.className = "body";
    this.body.replaceChildren(this.thread.list, this.below);
    if (!this.composer || !this.foot.contains(this.composer.element)) this.foot.replaceChildren(this.#newComposer().element);
    this.#draw();
    this.thread.list.scrollTop = this.thread.list.scrollHeight;
  }

  #draw() {
    if (!this.launcher) return;
    this.#unread();
    if (!this.isOpen) return;
    const { talk } = this;
    if (this.thread && !talk.id && !talk.unsent.length) { this.home(); return; }
    if (!this.thread) return;
    if (this.thread.of !== talk.id && talk.id) {
      if (this.thread.of) this.thread.empty();
      this.thread.of = talk.id;
    }
    this.thread.show(talk);
    this.#stand(talk.state);
    this.#looked();
  }

  // How the conversation stands: in a line at the top, and in what is offered below.
  #stand(state) {
    const agent = state.agent || this.talk.messages.findLast(({ mine }) => !mine)?.name || this.t("someone");
    const phase = state.state;
    this.#say(state.is_anothers ? "" : state.is_typing ? say(this.t("typing"), agent)
      : phase === "ended" ? this.t("ended")
        : phase === "waiting" ? (state.is_here === false ? (state.address ? say(this.t("kept"), state.address) : this.t("nobody")) : state.line || this.t("wait"))
          : state.agent ? say(this.t("answers"), agent) : "");
    const key = JSON.stringify([this.talk.id, phase, state.is_long, state.address]);
    if (key === this.shownBelow || !phase) return;
    if (phase !== "ended" && this.below.contains(this.root.activeElement)) return; // nobody is taken away from what they are typing
    this.shownBelow = key;
    const { list } = this.thread;
    const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    this.below.replaceChildren(...(phase === "ended"
      ? [state.is_anothers || this.rated === this.talk.id ? null : rating(this), h("p", { class: "muted" }, this.t("goes_on")), h("button", { type: "button", onclick: () => { this.talk.leave(); this.start(); } }, this.t("new"))]
      : [phase === "waiting" && state.is_long ? instead(this) : state.address ? h("p", { class: "muted" }, say(this.t("kept"), state.address)) : awayAddress(this),
        phase === "open" && h("button", { type: "button", class: "plain", onclick: () => this.#end() }, this.t("end"))]).filter(Boolean));
    if (wasAtEnd) list.scrollTop = list.scrollHeight;
  }

  async #end() {
    try {
      await this.line.ask("endings/", { fields: { conversation: this.talk.id } });
      await this.talk.fetch();
      this.below.querySelector("button")?.focus();
    } catch (error) {
      this.#say(error instanceof Refusal ? error.message : this.t("offline"));
    }
  }

  #unread() {
    const { messages, state, seen } = this.talk;
    const count = messages.filter(({ id, mine }) => !mine && id > Math.max(seen, state.seen ?? 0)).length;
    const isNews = count > 0 && !this.isOpen;
    this.badge.hidden = !isNews;
    this.badge.textContent = isNews ? count : "";
    this.launcher.setAttribute("aria-label", this.t(isNews ? "open_unread" : "open"));
  }

  #looked() {
    if (this.isOpen && this.thread && this.talk.id && !document.hidden) this.talk.look();
  }

  // A file to be saved.
  fileButton(file) {
    return h("button", { type: "button", class: "file", onclick: () => this.download(file) },
      icon("file"), h("span", { class: "cut" }, file.name), h("span", { class: "muted" }, size(file.size, this.language)));
  }

  async download(file) {
    try {
      const address = URL.createObjectURL(file.blob ?? (file instanceof Blob ? file : await this.line.ask(`files/${file.id}/`, { as: "blob" })));
      h("a", { href: address, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    } catch (error) {
      this.#say(this.t("failed"));
      console.warn("The file could not be fetched:", error);
    }
  }
}
