// <answer-files data-max-bytes="20971520"><div class="drop"><input type="file" name="files" multiple></div></answer-files>
// `data-max-together`: of all of them.
// What is chosen, or dropped anywhere on the form around it, is listed with its size and can be taken off again.
import { language, t } from "./words.js";
import { toast } from "./toast.js";

const STEPS = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function size(bytes) {
  const step = Math.min(STEPS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10)); // by 1,024, as the server
  const format = new Intl.NumberFormat(language, { style: "unit", unit: STEPS[step], maximumSignificantDigits: 3 });
  return format.format(bytes / 1024 ** step);
}

customElements.define("answer-files", class extends HTMLElement {
  #files = new DataTransfer();

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.list ??= Object.assign(document.createElement("ul"), { className: "chosen" });
    this.append(this.list);
    this.input.addEventListener("change", () => this.add(this.input.files), { signal });
    const form = this.closest("form") ?? this;
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    form.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      form.dataset.dropping = "";
    }, { signal });
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) delete form.dataset.dropping;
    }, { signal });
    form.addEventListener("drop", (event) => {
      delete form.dataset.dropping;
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    }, { signal });
    form.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) this.add(event.clipboardData.files);
    }, { signal });
    form.addEventListener("reset", () => { this.#files = new DataTransfer(); this.#show(); }, { signal });
  }

  disconnectedCallback() { this.stop.abort(); }

  get input() { return this.querySelector("input[type=file]"); }

  add(files) {
    const max = Number(this.dataset.maxBytes) || Infinity;
    const most = Number(this.dataset.maxTogether) || Infinity;
    for (const file of files) {
      const together = [...this.#files.files].reduce((sum, each) => sum + each.size, file.size);
      if (file.size > max) toast(t("too_large", `${file.name} (${size(file.size)})`), { tone: "warn" });
      else if (together > most) toast(t("too_large_together", size(together)).replace("%m", size(most)), { tone: "warn" });
      else this.#files.items.add(file);
    }
    this.#show();
  }

  #show() {
    this.input.files = this.#files.files;
    this.list.replaceChildren(...[...this.#files.files].map((file, place) => {
      const item = document.createElement("li");
      item.className = "attachment";
      const name = Object.assign(document.createElement("span"), { className: "cut", textContent: file.name });
      const bytes = Object.assign(document.createElement("span"), { className: "muted nowrap", textContent: size(file.size) });
      const remove = Object.assign(document.createElement("button"), { type: "button", className: "button plain only small", textContent: "×" });
      remove.setAttribute("aria-label", t("remove", file.name));
      remove.addEventListener("click", () => { this.#files.items.remove(place); this.#show(); this.input.focus(); });
      item.append(name, bytes, remove);
      return item;
    }));
  }
});
