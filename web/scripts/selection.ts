// Selecting rows of a table: all at once, a range with Shift, and the tally in the bulk bar.
export function selection(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-rows]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "1";
    let last = -1;
    const boxes = () => [...form.querySelectorAll<HTMLInputElement>("td.check input")];
    form.addEventListener("click", (e) => {
      const box = e.target as HTMLInputElement;
      const list = boxes();
      if (box.matches("th.check input")) list.forEach((b) => (b.checked = box.checked));
      const at = list.indexOf(box);
      if (at >= 0) {
        if ((e as MouseEvent).shiftKey && last >= 0)
          list.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((b) => (b.checked = box.checked));
        last = at;
      }
      if ((e.target as Element).closest("[data-clear]")) list.forEach((b) => (b.checked = false));
      count(form, list);
    });
    form.addEventListener("change", () => count(form, boxes()));
    count(form, boxes());
  }
}

function count(form: HTMLFormElement, boxes: HTMLInputElement[]): void {
  const chosen = boxes.filter((b) => b.checked).length;
  const tally = form.querySelector("[data-tally]");
  if (tally) tally.textContent = String(chosen);
  const all = form.querySelector<HTMLInputElement>("th.check input");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}
