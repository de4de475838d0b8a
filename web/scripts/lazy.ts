// Heavy modules load only where a page has something for them.
export function lazy(root: ParentNode): void {
  const structures = [...root.querySelectorAll<HTMLElement>("[data-smiles]")];
  if (structures.length) void import("./structure").then((m) => structures.forEach(m.draw));
  on(root, "[data-explore]", (el) => import("./chart").then((m) => m.explore(el)));
  on(root, "[data-zoom-map]", (el) => import("./map").then((m) => m.zoom(el)));
}

/** Loads on the first press of the button: what the server drew is enough for reading. */
function on(root: ParentNode, selector: string, run: (el: HTMLElement) => Promise<void>): void {
  for (const el of root.querySelectorAll<HTMLElement>(selector)) {
    if (el.dataset.ready) continue;
    el.dataset.ready = "1";
    el.addEventListener("click", () => void run(el));
  }
}
