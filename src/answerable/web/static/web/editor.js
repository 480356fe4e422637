// <answer-editor data-upload="/conversations/42/pictures/"> around a <textarea name="text"> and an <input name="html">:
// formatted text instead of plain text, for who switches it on (remembered on this device; a formatted draft switches
// it on by itself, and with `data-formatted` it is always on). Without `data-upload` there are no pictures. The textarea stays the field that everything else reads and writes: it holds the words without
// their looks, and what is put into it comes into the editor.
//
// Typed Markdown becomes what it means: "- " and "1. " lists, "> " a quote, ``` code, **bold**, *italic*, `code`.
// What is pasted keeps bold, italic, lists, links, quotes and code, and loses everything else; the server cleans again.
// Pictures are pasted, dropped or chosen; whoever looks at one is asked, kindly, to say what it shows.
import { t } from "./words.js";
import { toast } from "./toast.js";

const STORE = "answerable.formatted";
const KEPT = new Set(["A", "B", "BLOCKQUOTE", "BR", "CODE", "EM", "I", "IMG", "LI", "OL", "P", "PRE", "S", "STRONG", "U", "UL"]);
const GONE = new Set(["SCRIPT", "STYLE", "TITLE", "META", "LINK", "NOSCRIPT", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "SELECT"]);
const BLOCKS = new Set(["DIV", "SECTION", "ARTICLE", "H1", "H2", "H3", "H4", "H5", "H6", "TR", "ADDRESS", "HEADER", "FOOTER"]);
const LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const OWN_PICTURE = /^\/attachments\/\d+\/image\/$/;
const LARGEST_PICTURE = 5_000_000;
const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

// A tree of what may stay, made of a tree that nothing has run.
function clean(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) { to.append(node.data); continue; }
    if (node.nodeType !== Node.ELEMENT_NODE || GONE.has(node.tagName.toUpperCase())) continue;
    const tag = node.tagName.toUpperCase();
    if (BLOCKS.has(tag) && !node.querySelector("p, ul, ol, blockquote, pre, div")) {
      clean(node, to.appendChild(document.createElement("p")));
    } else if (!KEPT.has(tag) || (tag === "A" && !LINK.test(node.getAttribute("href") ?? ""))) {
      const style = node.getAttribute("style") ?? "";
      const bold = tag === "SPAN" && /font-weight:\s*(bold|[6-9]00)/i.test(style);
      clean(node, bold ? to.appendChild(document.createElement("b")) : to);
    } else {
      const copy = document.createElement(tag);
      if (tag === "A") copy.setAttribute("href", node.getAttribute("href"));
      if (tag === "IMG") {
        if (!OWN_PICTURE.test(node.getAttribute("src") ?? "")) continue;
        copy.setAttribute("src", node.getAttribute("src"));
        copy.setAttribute("alt", node.getAttribute("alt") ?? "");
      }
      clean(node, to.appendChild(copy));
    }
  }
  return to;
}

const parsed = (html) => clean(new DOMParser().parseFromString(html, "text/html").body, document.createElement("div"));

function fromText(text) {
  const box = document.createElement("div");
  for (const block of text.split(/\n{2,}/)) {
    const line = box.appendChild(document.createElement("p"));
    block.split("\n").forEach((words, place) => { if (place) line.append(document.createElement("br")); line.append(words); });
    if (!line.textContent) line.append(document.createElement("br"));
  }
  return box;
}

customElements.define("answer-editor", class extends HTMLElement {
  #range = null;
  #picture = null;
  #isShared = false;

  // Moved elsewhere in the page, it listens there, once; what stands in it stays.
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.format?.addEventListener("click", () => this.#toggle(), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("selectionchange", () => this.#mark(), { signal });
    if (!this.#isShared) this.#shareTheField();
    if (this.isOn) this.#listen();
    else if (this.isAlwaysOn || this.hidden_html.value || localStorage.getItem(STORE) === "on") this.#begin(this.hidden_html.value);
  }

  disconnectedCallback() { this.stop.abort(); }

  get field() { return this.querySelector("textarea"); }
  get hidden_html() { return this.querySelector("input[name=html]"); }
  get tools() { return this.querySelector("[role=toolbar]"); }
  get format() { return this.closest("form").querySelector("[data-format]"); }
  get ask() { return this.querySelector("[data-alt]"); }
  get isAlwaysOn() { return "formatted" in this.dataset; }
  get isOn() { return Boolean(this.area); }

  // Who writes into the field, such as a canned response or a reply that comes back, writes into the editor.
  #shareTheField() {
    this.#isShared = true;
    const field = this.field;
    const editor = this;
    Object.defineProperty(field, "value", {
      configurable: true,
      get() { return native.get.call(field); },
      set(text) {
        native.set.call(field, text);
        if (editor.isOn) editor.#fill(fromText(text));
      },
    });
    const setRangeText = field.setRangeText.bind(field);
    field.setRangeText = (text, ...more) => (editor.isOn ? editor.#insertText(text) : setRangeText(text, ...more));
    const focus = field.focus.bind(field);
    field.focus = (options) => (editor.isOn ? editor.area.focus(options) : focus(options));
  }

  #begin(html = "") {
    if (this.isOn) return;
    const field = this.field;
    document.execCommand("defaultParagraphSeparator", false, "p");
    const area = document.createElement("div");
    area.className = "editor-area";
    area.contentEditable = "true";
    area.lang = field.lang;
    area.spellcheck = true;
    area.setAttribute("role", "textbox");
    area.setAttribute("aria-multiline", "true");
    area.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "");
    area.dataset.placeholder = field.placeholder;
    this.area = area;
    field.before(area);
    field.hidden = true;
    this.tools.hidden = false;
    this.format?.setAttribute("aria-pressed", "true");
    this.#listen();
    this.#fill(html ? parsed(html) : fromText(native.get.call(field)));
  }

  #listen() {
    const { area, stop: { signal } } = this;
    area.addEventListener("input", () => { this.#shortcuts(); this.#keep(); }, { signal });
    area.addEventListener("paste", (event) => this.#paste(event), { signal });
    area.addEventListener("drop", (event) => this.#drop(event), { signal });
    area.addEventListener("click", ({ target }) => this.#askAbout(target.closest("img")), { signal });
  }

  #end() {
    this.area.remove();
    this.area = null;
    this.field.hidden = false;
    this.tools.hidden = true;
    this.ask.hidden = true;
    this.hidden_html.value = "";
    this.format?.setAttribute("aria-pressed", "false");
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #fill(box) {
    this.area.replaceChildren(...box.childNodes);
    if (document.activeElement === this.area) getSelection().selectAllChildren(this.area), getSelection().collapseToEnd();
    this.#keep();
  }

  // The words go into the textarea, what they look like into the hidden field; nothing where nothing is said.
  #keep() {
    const area = this.area;
    const text = area.innerText.replace(/\u200b/g, "").replace(/\u00a0/g, " ").replace(/\n{3,}/g, "\n\n").trim();
    const isEmpty = !text && !area.querySelector("img");
    area.toggleAttribute("data-empty", isEmpty && !area.querySelector("li, blockquote, pre"));
    native.set.call(this.field, isEmpty ? "" : text || t("picture"));
    this.hidden_html.value = isEmpty ? "" : area.innerHTML;
    if (this.#picture && !this.#picture.isConnected) this.#askAbout(null);
  }

  #insertText(text) {
    this.area.focus();
    document.execCommand("insertHTML", false, fromText(text).innerHTML);
  }

  #click({ target }) {
    const button = target.closest("button");
    if (!button || !this.contains(button)) return;
    const { command, value, block } = button.dataset;
    if (command) {
      this.area.focus();
      if (command.endsWith("List")) this.#list(command);
      else document.execCommand(command, false, value ?? null);
    } else if (block) this.#block(block);
    else if ("link" in button.dataset) this.#openLink();
    else if ("setLink" in button.dataset) this.#setLink();
    else if ("picture" in button.dataset) this.querySelector("input[type=file][data-picture-file]").click();
  }

  #toggle() {
    if (this.isOn) this.#end();
    else this.#begin();
    localStorage.setItem(STORE, this.isOn ? "on" : "off");
    if (this.isOn) this.area.focus();
  }

  #block(tag) {
    this.area.focus();
    const inside = this.#around(tag);
    if (inside) {
      inside.replaceWith(...[...inside.childNodes].map((node) => {
        if (node.nodeType === Node.ELEMENT_NODE && KEPT.has(node.tagName) && node.tagName !== "BR") return node;
        const line = document.createElement("p");
        line.append(node);
        return line;
      }));
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    } else document.execCommand("formatBlock", false, tag);
  }

  // Browsers leave a list inside the paragraph that it was made of.
  #list(command) {
    document.execCommand(command);
    const selection = getSelection();
    const { anchorNode, anchorOffset } = selection;
    for (const list of this.area.querySelectorAll("p > ul, p > ol")) list.parentElement.replaceWith(...list.parentElement.childNodes);
    if (anchorNode?.isConnected) selection.collapse(anchorNode, anchorOffset);
    this.#keep();
  }

  #around(tag) {
    const node = getSelection().anchorNode;
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const found = element?.closest(tag);
    return found && this.area.contains(found) ? found : null;
  }

  #openLink() {
    const selection = getSelection();
    this.#range = selection.rangeCount && this.area.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    const menu = this.querySelector("[data-link-menu]");
    menu.querySelector("input").value = this.#around("a")?.getAttribute("href") ?? "";
    menu.showPopover();
    menu.querySelector("input").focus();
  }

  #setLink() {
    const menu = this.querySelector("[data-link-menu]");
    let url = menu.querySelector("input").value.trim();
    if (url && !LINK.test(url)) url = url.includes("@") && !url.includes("/") ? `mailto:${url}` : `https://${url}`;
    menu.hidePopover();
    this.area.focus();
    const selection = getSelection();
    selection.removeAllRanges();
    if (this.#range) selection.addRange(this.#range);
    if (!url) document.execCommand("unlink");
    else if (selection.isCollapsed) {
      const link = document.createElement("a");
      link.setAttribute("href", url);
      link.textContent = url.replace(/^(https?:\/\/|mailto:|tel:)/i, "");
      document.execCommand("insertHTML", false, link.outerHTML);
    } else document.execCommand("createLink", false, url);
  }

  #key(event) {
    const { target } = event;
    if (target.closest("[role=toolbar]") && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      const buttons = [...this.tools.querySelectorAll("button")].filter((button) => button.checkVisibility?.() ?? true);
      const here = buttons.indexOf(document.activeElement);
      const next = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
      const button = buttons[(next + buttons.length) % buttons.length];
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
      button.focus();
      event.preventDefault();
      return;
    }
    if (target.matches("[data-link-menu] input") && event.key === "Enter") {
      event.preventDefault();
      this.#setLink();
      return;
    }
    if (target !== this.area) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && isCommand && !event.isComposing) {
      const form = this.closest("form");
      form.requestSubmit(form.querySelector("button.primary"));
    } else if (isCommand && event.shiftKey && event.key.toLowerCase() === "k") this.#openLink();
    else if (event.altKey && event.code === "KeyC") document.getElementById("macro-menu")?.showPopover();
    else if (event.key === "Escape" && !event.defaultPrevented) this.area.blur();
    else return;
    event.preventDefault();
  }

  // What Markdown means, as soon as it is typed.
  #shortcuts() {
    const selection = getSelection();
    const node = selection.anchorNode;
    if (!selection.isCollapsed || node?.nodeType !== Node.TEXT_NODE || !this.area.contains(node)) return;
    if (node.parentElement.closest("pre, code")) return;
    const before = node.data.slice(0, selection.anchorOffset).replace(/\u00a0/g, " ");
    const line = node.parentElement.closest("p, li") ?? this.area;
    if (line === node.parentElement && node === line.firstChild && line.tagName !== "LI") {
      const lists = { "- ": "insertUnorderedList", "* ": "insertUnorderedList", "1. ": "insertOrderedList" };
      const command = lists[before] ?? (before === "> " ? "blockquote" : before === "``` " ? "pre" : "");
      if (command) {
        node.deleteData(0, selection.anchorOffset);
        if (!line.textContent) line.append(document.createElement("br"));
        if (command.startsWith("insert")) this.#list(command);
        else document.execCommand("formatBlock", false, command);
        return;
      }
    }
    for (const [pattern, tag] of [[/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, "b"], [/(?<![*\w])\*([^*\s](?:[^*]*[^*\s])?)\*$/, "i"], [/`([^`]+)`$/, "code"]]) {
      const found = pattern.exec(before);
      if (!found) continue;
      const element = document.createElement(tag);
      element.textContent = found[1];
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, selection.anchorOffset);
      range.deleteContents();
      range.insertNode(element);
      element.after(document.createTextNode("\u200b"));
      selection.collapse(element.nextSibling, 1);
      return;
    }
  }

  #mark() {
    if (!this.isOn || !this.area.contains(getSelection().anchorNode)) return;
    for (const button of this.tools.querySelectorAll("[data-command], [data-block]")) {
      const { command, block } = button.dataset;
      const isOn = block ? Boolean(this.#around(block)) : document.queryCommandState(command);
      button.setAttribute("aria-pressed", String(isOn));
    }
  }

  #paste(event) {
    const pictures = this.#pictures(event.clipboardData);
    const html = event.clipboardData.getData("text/html");
    if (pictures.length && !html) {
      event.preventDefault();
      event.stopPropagation(); // or it would be attached as a file as well
      this.#upload(pictures);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const box = html ? parsed(html) : fromText(event.clipboardData.getData("text/plain"));
    const only = box.children.length === 1 && box.firstElementChild.tagName === "P" ? box.firstElementChild : box;
    document.execCommand("insertHTML", false, only.innerHTML);
  }

  #drop(event) {
    const pictures = this.#pictures(event.dataTransfer);
    if (!pictures.length) return;
    event.preventDefault();
    event.stopPropagation();
    delete this.closest("form").dataset.dropping;
    this.#upload(pictures);
  }

  #pictures({ files }) { return this.dataset.upload ? [...files].filter((file) => file.type.startsWith("image/")) : []; }

  async #upload(files) {
    this.area.focus();
    for (const file of files) {
      if (file.size > LARGEST_PICTURE) { toast(t("too_large", file.name), { tone: "warn" }); continue; }
      const body = new FormData();
      body.append("picture", file);
      const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
      let url = "";
      try {
        const response = await fetch(this.dataset.upload, { method: "POST", body, headers });
        if (!response.ok) { toast(t("picture_refused", file.name), { tone: "bad" }); continue; }
        ({ url } = await response.json());
      } catch (error) {
        console.warn("The picture did not get there:", error);
        this.#offerAgain(file);
        continue;
      }
      const picture = document.createElement("img");
      picture.setAttribute("src", url);
      picture.setAttribute("alt", "");
      this.area.focus();
      document.execCommand("insertHTML", false, picture.outerHTML);
      this.#askAbout(this.area.querySelector(`img[src="${url}"]`));
    }
  }

  // The server was not to be reached: nothing is lost but the way there.
  #offerAgain(file) {
    const said = toast(t("picture_lost", file.name), { tone: "bad" });
    const again = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: t("try_again") });
    again.addEventListener("click", () => { said.remove(); this.#upload([file]); });
    said.querySelector("div").append(" ", again);
  }

  #askAbout(picture) {
    this.#picture = picture;
    this.ask.hidden = !picture;
    const input = this.ask.querySelector("input");
    input.value = picture?.getAttribute("alt") ?? "";
    input.oninput = () => {
      this.#picture?.setAttribute("alt", input.value);
      this.#keep();
    };
  }

  choose(input) {
    this.#upload([...input.files]);
    input.value = "";
  }

  // A reply that was taken back, with its looks, above what has been typed since.
  restore(html) {
    const typed = native.get.call(this.field);
    const since = typed.trim() ? this.hidden_html.value || fromText(typed).innerHTML : "";
    this.#begin(html);
    this.#fill(parsed(html + since));
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-picture-file]")) target.closest("answer-editor")?.choose(target);
});
