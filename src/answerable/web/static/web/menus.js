// Menus (class "menu", popover). What in one of them opens another gives way to it: that one stands at the first one's
// button, also where a key opened it. Arrows move through a menu, from its button on.
const openerOf = (menu) => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".menu[popover] [popovertarget]");
  const next = button && document.getElementById(button.getAttribute("popovertarget"));
  if (!next) return;
  event.preventDefault();
  const menu = button.closest("[popover]");
  if (menu.matches(":popover-open")) menu.hidePopover();
  next.showPopover({ source: openerOf(menu) ?? button });
});

// What was chosen in a menu and sent leaves nothing to choose.
document.addEventListener("submit", ({ submitter }) => {
  const menu = submitter?.closest(".menu:popover-open");
  if (menu) menu.hidePopover();
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = step && document.querySelector(".menu:popover-open");
  if (!menu || event.defaultPrevented || event.target.closest?.("input, select, textarea, answer-choices")) return;
  const items = [...menu.querySelectorAll("a[href], button, input, select")].filter((item) => !item.disabled && item.checkVisibility());
  const here = items.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : items.length - 1) : here + step;
  items[Math.max(0, Math.min(items.length - 1, next))]?.focus();
  event.preventDefault();
});
