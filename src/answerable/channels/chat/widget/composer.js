// The box to write in. Enter sends, Shift and Enter makes a new line.
const LARGEST_FILE = 20 * 1024 * 1024;
const LARGEST_MESSAGE = 25 * 1024 * 1024;
const MOST_LETTERS = 10000; // letters; a limit of the box would cut off what is pasted, and say nothing

class Composer {
  constructor(panel) {
    this.panel = panel;
    this.files = [];
    this.text = h("textarea", { rows: 1, placeholder: panel.t("write"), "aria-label": panel.t("message"), oninput: () => this.#typed(), onkeydown: (event) => this.#key(event) });
    this.picker = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true", onchange: () => this.#add(this.picker.files) });
    this.chosen = h("ul", { class: "chosen" });
    this.wrong = h("p", { class: "wrong", role: "alert" });
    this.element = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.chosen, this.wrong,
      h("div", { class: "box" },
        panel.look.takes_files && [this.picker, h("button", { type: "button", class: "only", "aria-label": panel.t("attach"), title: panel.t("attach"), onclick: () => this.picker.click() }, icon("clip"))],
        this.text,
        h("button", { class: "only send", "aria-label": panel.t("send"), title: panel.t("send") }, icon("send"))));
    this.element.addEventListener("paste", (event) => this.#paste(event));
  }

  send() {
    const text = this.text.value;
    if (!text.trim() && !this.files.length) { this.text.focus(); return; }
    if ([...text.trim()].length > MOST_LETTERS) {
      this.wrong.textContent = this.panel.t("too_long");
      return;
    }
    this.panel.talk.say(text.trim(), this.files, this.panel.name?.value ?? "");
    if (!this.panel.thread) this.panel.converse();
    this.text.value = this.wrong.textContent = "";
    this.files = [];
    this.#show();
    this.#grow();
    this.text.focus();
  }

  #typed() {
    this.#grow();
    if (this.text.value.trim()) this.panel.talk.typed();
  }

  // As tall as what stands in it, up to a third of the panel: by rows, since a style of its own may not be allowed.
  #grow() {
    this.text.rows = 1;
    while (this.text.rows < 6 && this.text.scrollHeight > this.text.clientHeight) this.text.rows += 1;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.panel.look.takes_files) return;
    event.preventDefault();
    this.#add(files);
  }

  #add(files) {
    this.wrong.textContent = "";
    for (const file of files) {
      const together = this.files.reduce((sum, each) => sum + each.size, file.size);
      if (file.size > LARGEST_FILE) this.wrong.textContent = say(this.panel.t("files_too_large"), file.name);
      else if (together > LARGEST_MESSAGE) this.wrong.textContent = say(this.panel.t("files_together"), size(together, this.panel.language));
      else this.files.push(file);
    }
    this.picker.value = "";
    this.#show();
  }

  #show() {
    this.chosen.replaceChildren(...this.files.map((file) => h("li", {}, h("span", { class: "cut" }, file.name),
      h("button", { type: "button", class: "only small", "aria-label": `${this.panel.t("remove")}: ${file.name}`, onclick: () => { this.files = this.files.filter((each) => each !== file); this.#show(); this.text.focus(); } }, icon("close")))));
  }
}
