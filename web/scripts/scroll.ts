// What can be scrolled sideways can be reached with the keyboard, and only then is a stop on the way.
const watch = new ResizeObserver((seen) => { for (const s of seen) reach(s.target as HTMLElement); });

function reach(box: HTMLElement): void {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

export function scroll(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>(".table-wrap")) {
    reach(box);
    watch.observe(box);
  }
}
