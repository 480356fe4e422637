// <textarea data-mentions="/conversations/42/colleagues/">: after an @ colleagues are offered; arrows move, Enter or Tab
// takes one, Escape leaves the words as they are.
const TYPED = /(^|[\s(])@([\p{L}\p{N}.+_-]*)$/u;
let box = null;
let count = 0;

function close(field) {
  box?.remove();
  box = null;
  count += 1;
  for (const name of ["aria-controls", "aria-activedescendant", "aria-expanded"]) field?.removeAttribute(name);
}

function select(field, place) {
  const options = [...box.children];
  const next = (place + options.length) % options.length;
  options.forEach((option, i) => {
    option.id ||= `mention-${i}`;
    option.setAttribute("aria-selected", String(i === next));
  });
  field.setAttribute("aria-activedescendant", options[next].id);
  options[next].scrollIntoView({ block: "nearest" });
}

async function offer(field) {
  const found = TYPED.exec(field.value.slice(0, field.selectionStart));
  if (!found) { close(field); return; }
  const asked = ++count;
  const response = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(found[2])}`, { headers: { "HX-Request": "true" } });
  if (asked !== count) return;
  const options = response.ok ? await response.text() : "";
  if (asked !== count) return;
  if (!options.trim()) { close(field); return; }
  if (!box) {
    box = document.createElement("ul");
    box.id = "mentions";
    box.className = "mentions";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", "@");
    box.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) take(field, option);
    });
    field.before(box);
    field.setAttribute("aria-controls", box.id);
    field.setAttribute("aria-expanded", "true");
  }
  box.innerHTML = options; // our own server's, escaped there
  select(field, 0);
}

function take(field, option) {
  const end = field.selectionStart;
  const start = end - TYPED.exec(field.value.slice(0, end))[2].length - 1;
  field.setRangeText(`@${option.dataset.address} `, start, end, "end");
  close(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ({ target }) => { if (target.dataset?.mentions) offer(target); });
document.addEventListener("focusout", ({ target }) => { if (target.dataset?.mentions) close(target); });
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!box || !field.dataset?.mentions) return;
  const options = [...box.children];
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") select(field, here + 1);
  else if (event.key === "ArrowUp") select(field, here - 1);
  else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") take(field, options[here]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
