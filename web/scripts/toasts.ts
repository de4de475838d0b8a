// A toast stays ten seconds, longer while the pointer or the focus is on it.
const life = 10_000;

export function toasts(root: ParentNode): void {
  for (const toast of root.querySelectorAll<HTMLElement>(".toast")) {
    if (toast.dataset.ready) continue;
    toast.dataset.ready = "1";
    let timer = setTimeout(() => toast.remove(), life);
    const hold = () => clearTimeout(timer);
    const go = () => { hold(); timer = setTimeout(() => toast.remove(), life); };
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusout", go);
    toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
  }
}
