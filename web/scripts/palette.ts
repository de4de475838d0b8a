// The command palette: Ctrl-K (or ⌘K) opens it, htmx asks /search as one types, arrows and Enter choose.
export function palette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  const input = dialog?.querySelector<HTMLInputElement>("input");
  if (!dialog || !input) return;
  const open = () => { dialog.showModal(); input.select(); };
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); dialog.open ? dialog.close() : open(); }
  });
  document.addEventListener("click", (e) => {
    if ((e.target as Element).closest("[data-palette]")) { e.preventDefault(); open(); }
    if (e.target === dialog) dialog.close();
  });
  dialog.addEventListener("htmx:afterSwap", () => input.removeAttribute("aria-activedescendant"));
  dialog.addEventListener("keydown", (e) => {
    if (e.key === "Escape") { e.preventDefault(); dialog.close(); return; } // a search field would only clear itself
    const hits = [...dialog.querySelectorAll<HTMLElement>(".hits a")];
    const at = hits.findIndex((h) => h.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const next = (at + (e.key === "ArrowDown" ? 1 : -1) + hits.length + (at < 0 && e.key === "ArrowUp" ? 1 : 0)) % Math.max(1, hits.length);
      hits.forEach((h, i) => h.setAttribute("aria-selected", String(i === next)));
      if (hits[next]) { input.setAttribute("aria-activedescendant", hits[next].id); hits[next].scrollIntoView({ block: "nearest" }); }
    } else if (e.key === "Enter" && hits.length) {
      e.preventDefault();
      hits[Math.max(0, at)].click();
    }
  });
}
