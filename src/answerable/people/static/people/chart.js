// <answer-chart> with a form[data-move]: what is draggable (data-membership or data-team, with data-was, where it is)
// is dropped on a place (data-to), and the form says so to the server, which moves or refuses it with a reason.
// Everything here is also done by a link and a form, by keyboard and by touch.
class Chart extends HTMLElement {
  #dragged = null;

  connectedCallback() {
    for (const type of ["dragstart", "dragover", "dragleave", "drop", "dragend"]) this.addEventListener(type, this);
    this.addEventListener("htmx:beforeRequest", this); // what is being dragged is not taken out of the hand
  }

  handleEvent(event) {
    if (event.type === "htmx:beforeRequest") {
      if (this.#dragged) event.preventDefault();
      return;
    }
    this[event.type](event);
  }

  dragstart(event) {
    this.#dragged = event.target.closest("[draggable=true]");
    if (!this.#dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.#dragged.textContent.trim().split("\n")[0]);
    this.#dragged.toggleAttribute("data-dragged", true);
  }

  dragover(event) {
    const place = this.#place(event);
    this.#mark(place);
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }

  dragleave(event) {
    if (!this.contains(event.relatedTarget)) this.#mark(null);
  }

  drop(event) {
    const place = this.#place(event);
    if (!place) return;
    event.preventDefault();
    const { membership = "", team = "", was } = this.#dragged.dataset;
    const form = this.querySelector("form[data-move]");
    for (const [name, value] of Object.entries({ membership, team, was, to: place.dataset.to })) form.elements[name].value = value;
    form.requestSubmit();
  }

  dragend() {
    this.#mark(null);
    this.#dragged?.removeAttribute("data-dragged");
    this.#dragged = null;
  }

  // The team under the pointer, unless what is dragged is there already, or holds it.
  #place(event) {
    const place = this.#dragged && event.target.closest("[data-to]");
    if (!place || place.dataset.to === this.#dragged.dataset.was) return null;
    const moves = this.#dragged.dataset.team;
    return moves && this.#dragged.closest(".chart-node").contains(place) ? null : place;
  }

  #mark(place) {
    for (const marked of this.querySelectorAll("[data-over]")) if (marked !== place) marked.removeAttribute("data-over");
    place?.toggleAttribute("data-over", true);
  }
}
customElements.define("answer-chart", Chart);
