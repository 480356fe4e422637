// hx-swap="keyed": what came from the server is compared with what is there, child by child of [data-keyed], by id.
// What has not changed stays the very same element, with its focus, its open details and its frames; the rest is put in
// its place. In a list with data-keyed="tail" what stands before the first child that came (earlier messages, fetched
// by hand) stays as well.
const sources = new WeakMap();

// Words about time and what a clock looks like go stale by themselves: they make no difference.
const source = (element) => element.outerHTML
  .replace(/(<time\b[^>]*>)[^<]*/g, "$1")
  .replace(/ (data-state|data-presence|aria-current|class)="[^"]*"/g, (whole, name) => (name === "class" ? whole.replace(/ (arrived|htmx-\w+)/g, "") : ""));

function remember(list) {
  for (const child of list.children) if (!sources.has(child)) sources.set(child, source(child));
}

function place(list, element, before) {
  if (list.moveBefore && element.isConnected) list.moveBefore(element, before);
  else list.insertBefore(element, before);
}

// The state a person gave an element survives its replacement.
function carryOver(old, fresh) {
  for (const box of old.querySelectorAll("input[type=checkbox]:checked")) {
    const same = fresh.querySelector(`input[type=checkbox][value="${CSS.escape(box.value)}"]`);
    if (same) same.checked = true;
  }
  const current = old.querySelector("[aria-current]");
  if (current?.id) fresh.querySelector(`#${CSS.escape(current.id)}`)?.setAttribute("aria-current", "true");
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  return () => {
    if (focused?.id) document.getElementById(focused.id)?.focus({ preventScroll: true });
    else if (focused) fresh.querySelector(focused.tagName)?.focus({ preventScroll: true });
  };
}

export function reconcile(list, fresh) {
  remember(list);
  const scroller = list.closest(".pane") ?? document.documentElement;
  const anchor = [...list.children].find((child) => child.matches(":hover, :focus-within"));
  const from = anchor?.getBoundingClientRect().top;
  const incoming = [...fresh.children];
  const known = new Map([...list.children].map((child) => [child.id, child]));
  const arrived = [];
  let here = list.firstElementChild;
  if (list.dataset.keyed === "tail") {
    const first = incoming.find((child) => child.id !== "earlier" && known.has(child.id));
    if (first) {
      incoming.splice(0, incoming.indexOf(first));
      here = known.get(first.id);
      for (let child = here.previousElementSibling; child; child = child.previousElementSibling) known.delete(child.id);
    }
  }
  for (const item of incoming) {
    const text = source(item);
    const old = known.get(item.id);
    known.delete(item.id);
    if (old && sources.get(old) === text) {
      if (old === here) here = here.nextElementSibling;
      else place(list, old, here);
      continue;
    }
    sources.set(item, text);
    if (old) {
      if (old === here) here = here.nextElementSibling;
      const restore = carryOver(old, item);
      list.insertBefore(item, here);
      old.remove();
      restore();
    } else {
      list.insertBefore(item, here);
      item.classList.add("arrived");
      arrived.push(item);
    }
    htmx.process(item);
  }
  for (const gone of known.values()) gone.remove();
  for (const { name, value } of fresh.attributes) if (name.startsWith("data-")) list.setAttribute(name, value);
  if (anchor?.isConnected && from !== undefined) scroller.scrollTop += anchor.getBoundingClientRect().top - from;
  list.dispatchEvent(new CustomEvent("desk:reconciled", { bubbles: true, detail: { arrived } }));
}

function swap(target, fresh) {
  const find = (element) => (element.matches("[data-keyed]") ? element : element.querySelector(":scope > [data-keyed]"));
  const list = find(target);
  const incoming = find(fresh);
  if (!list || !incoming) {
    target.replaceChildren(...fresh.childNodes);
    htmx.process(target);
    return;
  }
  reconcile(list, incoming);
  if (list === target) return;
  for (const child of [...target.children]) if (child !== list) child.remove();
  for (const child of [...fresh.children]) {
    if (child !== incoming) { target.append(child); htmx.process(child); }
  }
}

htmx.defineExtension("keyed", {
  isInlineSwap: (style) => style === "keyed",
  handleSwap(style, target, fragment) {
    if (style !== "keyed") return false;
    const fresh = fragment.firstElementChild;
    if (fresh && target.isConnected) swap(target, fresh);
    return [];
  },
});

for (const list of document.querySelectorAll("[data-keyed]")) remember(list);
document.addEventListener("htmx:load", ({ target }) => {
  for (const list of target.querySelectorAll?.("[data-keyed]") ?? []) remember(list);
});

// The head of a conversation is not exchanged while one of its menus is open (it is fetched when the menu closes), nor
// while something chosen in it is on its way: the answer brings the head along, and needs the element that asked. htmx
// puts the new head in its place first and then looks for this extension from the element that asked upwards, which by
// then hangs from the old head alone: so the head names the extension itself.
const waiting = new WeakSet();
let focused = "";
const asking = new Set();
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (detail.requestConfig.verb !== "get" && detail.elt.closest("[data-guarded]")) asking.add(detail.elt);
});
for (const name of ["htmx:beforeSwap", "htmx:afterRequest"]) {
  document.addEventListener(name, ({ detail }) => asking.delete(detail.requestConfig?.elt));
}
// Where the element that asked is gone all the same, what it brought is fetched anew by the timeline itself.
document.addEventListener("htmx:beforeSwap", ({ detail, target }) => {
  if (target.id !== "timeline" || detail.requestConfig.elt.isConnected) return;
  detail.shouldSwap = false;
  target.dispatchEvent(new CustomEvent("changed"));
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  if (!target?.matches("[data-guarded]")) return;
  const isOpen = Boolean(target.querySelector(":popover-open"));
  if (isOpen) waiting.add(target);
  if (isOpen || [...asking].some((element) => target.contains(element))) event.detail.shouldSwap = false;
  focused = target.contains(document.activeElement) ? document.activeElement.id : "";
});
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (!focused || !detail.target?.matches("[data-guarded]")) return;
  document.getElementById(focused)?.focus({ preventScroll: true });
});
document.addEventListener("toggle", (event) => {
  const guarded = event.newState === "closed" && event.target.closest?.("[data-guarded]");
  if (guarded && waiting.delete(guarded)) document.getElementById("timeline")?.dispatchEvent(new CustomEvent("changed"));
}, { capture: true });
// A menu closes when something in it was chosen.
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.verb === "get") return;
  const menu = detail.elt.closest("[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
});
// Without a stream nobody tells us what our own change did elsewhere on the page.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.requestConfig.verb === "get" || !detail.successful) return;
  if (document.querySelector("answer-live")?.dataset.state === "open") return;
  for (const element of document.querySelectorAll("[data-live]")) element.dispatchEvent(new CustomEvent("changed"));
});
