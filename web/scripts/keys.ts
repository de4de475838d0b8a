// Keys for lists: j/k move, Enter opens, x selects, / filters, ? shows help, and single letters press the control that names
// them in data-key. All single keys can be turned off in the user menu (WCAG 2.1.4); Ctrl-K stays.
const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const active = () => document.querySelector<HTMLElement>('[data-row][data-state~="active"]');

export function keys(): void {
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (document.documentElement.dataset.keys === "off" || typing(e.target as Element)) return;
    if (document.querySelector("dialog[open]")) return;
    if (act(e.key, e.target as Element)) e.preventDefault();
  });
  document.addEventListener("click", (e) => {
    if ((e.target as Element).closest("[data-help]")) help();
    const close = (e.target as Element).closest("[data-close-dialog]");
    close?.closest("dialog")?.close();
  });
}

/** Letters typed into a field are text, not commands. */
function typing(el: Element): boolean {
  return el.matches('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]');
}

function act(key: string, target: Element): boolean {
  switch (key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return press(active()?.querySelector("td.check input"));
    case "/": return focus(document.querySelector('.filters input[type="search"]'));
    case "?": return help();
    case "Enter": return target === document.body || target.matches("[data-row]") ? press(active()?.querySelector("a")) : false;
  }
  return /^[a-z]$/.test(key) ? press(active()?.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`)) : false;
}

function move(by: number): boolean {
  const list = rows();
  if (!list.length) return false;
  const now = active();
  const at = now ? list.indexOf(now) : by > 0 ? -1 : list.length;
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  for (const row of list) mark(row, row === next);
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function mark(row: HTMLElement, on: boolean): void {
  const states = new Set((row.dataset.state ?? "").split(" ").filter(Boolean));
  if (on) states.add("active");
  else states.delete("active");
  row.dataset.state = [...states].join(" ");
}

function press(el: Element | null | undefined): boolean {
  if (!(el instanceof HTMLElement)) return false;
  el.click();
  return true;
}

function focus(el: HTMLElement | null): boolean {
  el?.focus();
  return el !== null;
}

function help(): boolean {
  const dialog = document.querySelector<HTMLDialogElement>("#keys-help");
  dialog?.showModal();
  return dialog !== null;
}
