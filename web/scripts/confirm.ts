// Irreversible acts ask first. Without this script the question opens in the page (<details>); with it, in a modal dialog.
export function confirms(): void {
  document.addEventListener("click", (e) => {
    const summary = (e.target as Element).closest<HTMLElement>("details.confirm > summary");
    if (!summary) return;
    e.preventDefault();
    const details = summary.parentElement as HTMLDetailsElement;
    const body = details.querySelector<HTMLElement>(".confirm-body");
    if (body) ask(details, body, summary);
  });
}

function ask(details: HTMLElement, body: HTMLElement, opener: HTMLElement): void {
  const dialog = document.createElement("dialog");
  const title = body.querySelector("h2");
  if (title?.id) dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(body);
  document.body.append(dialog);
  dialog.addEventListener("click", (e) => {
    if (e.target === dialog || (e.target as Element).closest("[data-cancel]")) dialog.close();
  });
  dialog.addEventListener("close", () => { details.append(body); dialog.remove(); opener.focus(); });
  dialog.showModal();
  dialog.querySelector<HTMLElement>("[data-cancel]")?.focus(); // an Enter too many does nothing
}
