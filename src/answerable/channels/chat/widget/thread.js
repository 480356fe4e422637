// What was said, as a log that screen readers follow. What stands there already stays the same element.
class Thread {
  constructor(panel) {
    this.panel = panel;
    this.list = h("div", { class: "log", role: "log", "aria-label": panel.t("conversation"), tabindex: "0" });
    this.end = h("div", { class: "end" });
    this.shown = new Map();
  }

  empty() {
    this.list.replaceChildren();
    this.shown.clear();
  }

  show({ messages, unsent, state, isStuck }) {
    const wanted = [...messages.map((message) => [`m${message.id}`, message]), ...unsent.map((each) => [each.once, each])];
    const keys = new Set(wanted.map(([key]) => key));
    const wasAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    for (const [key, { element }] of this.shown) if (!keys.has(key)) { element.remove(); this.shown.delete(key); }
    let grew = false;
    let before = null;
    for (const [key, item] of wanted) {
      const look = JSON.stringify([item.error, item.name !== before?.name || item.mine !== before?.mine]);
      const old = this.shown.get(key);
      if (old?.look !== look) {
        const element = item.once ? this.#unsent(item) : this.#message(item, item.mine !== before?.mine || item.name !== before?.name);
        if (old) old.element.replaceWith(element);
        else { this.list.append(element); grew = true; }
        this.shown.set(key, { element, look });
      }
      before = item;
    }
    // Own messages that were on their way stand above what came in meanwhile: the order is the desk's.
    let here = this.list.firstElementChild;
    for (const [key] of wanted) {
      const { element } = this.shown.get(key);
      if (element === here) here = here.nextElementSibling;
      else this.list.insertBefore(element, here);
    }
    this.#marks(messages, unsent, state, isStuck);
    if (wasAtEnd || (grew && unsent.length)) this.list.scrollTop = this.list.scrollHeight;
  }

  #message({ mine, name, text, at, files, id }, isFirst) {
    const { panel } = this;
    const who = mine ? panel.t("you") : name || panel.look.name;
    return h("div", { class: mine ? "mine" : "ours", "data-id": id },
      isFirst && !mine ? h("span", { class: "who" }, who) : unseen(mine ? `${who}: ` : say(panel.t("said"), who)),
      text && h("div", { class: "bubble" }, linked(text)),
      files.map((file) => (isPicture(file) ? picture(panel, file, async () => file.blob ?? panel.line.ask(`files/${file.id}/`, { as: "blob" })) : panel.fileButton(file))),
      h("time", { datetime: at, class: "when" }, panel.time(at)));
  }

  #unsent(item) {
    const { panel } = this;
    return h("div", { class: "mine waiting" },
      item.text && h("div", { class: "bubble" }, linked(item.text)),
      item.files.map((file) => (isPicture(file) ? picture(panel, file, async () => file) : h("span", { class: "file" }, icon("file"), h("span", { class: "cut" }, file.name)))),
      item.error
        ? h("span", { class: "wrong", role: "alert" }, `${panel.t("refused")} ${item.error} `,
          h("button", { type: "button", class: "plain", onclick: () => { panel.talk.retry(item); panel.focusWriting(); } }, panel.t("again")), " ",
          h("button", { type: "button", class: "plain", onclick: () => { panel.talk.drop(item); panel.focusWriting(); } }, panel.t("remove")))
        : h("span", { class: "when" }, panel.t("sending")));
  }

  // What stands below the last message: seen, choices.
  #marks(messages, unsent, state, isStuck) {
    const { panel } = this;
    const last = messages.at(-1);
    if (last?.mine && state.is_read) this.readUpTo = last.id;
    const choices = last && !last.mine && !unsent.length && state.state !== "ended" ? last.choices : [];
    const key = JSON.stringify([last?.id, choices, this.readUpTo >= last?.id, isStuck]);
    if (key === this.marked) return;
    this.marked = key;
    this.end.replaceChildren(...[
      isStuck && h("p", { class: "wrong", role: "status" }, isStuck === true ? panel.t("unsent") : isStuck),
      last?.mine && !unsent.length && this.readUpTo >= last.id && h("p", { class: "read" }, panel.t("read")),
      choices.length > 0 && h("div", { class: "choices", role: "group", "aria-label": panel.t("choices") },
        choices.map((choice) => h("button", { type: "button", onclick: () => { panel.talk.say(choice); panel.focusWriting(); } }, choice))),
    ].filter(Boolean));
    this.list.append(this.end);
  }
}
