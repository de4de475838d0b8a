// Theme and single keys: the forms in the user menu work without this script; with it the choice takes effect at once.
const year = 31536000;

export function preferences(): void {
  document.addEventListener("submit", (e) => {
    const button = (e as SubmitEvent).submitter as HTMLButtonElement | null;
    if (!button?.closest("[data-prefs]")) return;
    e.preventDefault();
    remember(button.name, button.value);
    for (const b of document.querySelectorAll<HTMLButtonElement>(`[data-prefs] button[name="${button.name}"]`))
      b.setAttribute("aria-pressed", String(b.value === button.value));
    dispatchEvent(new CustomEvent("baqylau:theme"));
  });
  const close = (menu: HTMLDetailsElement): void => { menu.open = false; };
  document.addEventListener("click", (e) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]"))
      if (!menu.contains(e.target as Node)) close(menu);
  });
  document.addEventListener("keydown", (e) => {
    const menu = e.key === "Escape" && document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (menu) { close(menu); menu.querySelector("summary")?.focus(); }
  });
}

function remember(name: string, value: string): void {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${value ? year : 0}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  const root = document.documentElement;
  if (value) root.setAttribute(`data-${name}`, value);
  else root.removeAttribute(`data-${name}`);
}
