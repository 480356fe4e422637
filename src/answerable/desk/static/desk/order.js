// <answer-order action="...">: a list put in order by dragging its items; each says which it is by data-item. Whoever
// does not drag has buttons. The new order is sent as order=3&order=1&order=2.
customElements.define("answer-order", class extends HTMLElement {
  connectedCallback() {
    for (const item of this.items) item.draggable = true;
    this.addEventListener("dragstart", (event) => {
      this.moving = event.target.closest?.("[data-item]");
      this.moving?.classList.add("is-moving");
      event.dataTransfer.effectAllowed = "move";
    });
    this.addEventListener("dragover", (event) => this.#over(event));
    this.addEventListener("drop", (event) => event.preventDefault());
    this.addEventListener("dragend", () => this.#end());
  }

  get items() { return [...this.querySelectorAll("[data-item]")]; }

  #over(event) {
    const over = event.target.closest("[data-item]");
    if (!this.moving || !over) return;
    event.preventDefault();
    if (over === this.moving) return;
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](this.moving);
    this.isChanged = true;
  }

  #end() {
    this.moving?.classList.remove("is-moving");
    this.moving = null;
    if (!this.isChanged) return;
    this.isChanged = false;
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.getAttribute("action");
    form.hidden = true;
    const token = this.querySelector("[name=csrfmiddlewaretoken]").cloneNode();
    form.append(token, ...this.items.map(({ dataset }) => {
      const field = document.createElement("input");
      field.name = "order";
      field.value = dataset.item;
      return field;
    }));
    document.body.append(form);
    form.submit();
  }
});
