// Fields that do a little more with a script: file drop, typeahead choice, copying a receipt number.
export function fields(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>(".drop").forEach(drop);
  root.querySelectorAll<HTMLElement>(".type").forEach(typeahead);
  root.querySelectorAll<HTMLButtonElement>("[data-copy]").forEach(copy);
}

/** A form that holds a single choice is sent as soon as it is made; its button is there only without scripts. */
export function autos(): void {
  document.addEventListener("change", (e) => (e.target as Element).closest<HTMLFormElement>("form[data-auto]")?.requestSubmit());
  // A form that is on its way asks for no preview any more.
  document.addEventListener("submit", (e) => { const form = e.target as HTMLFormElement; if (!e.defaultPrevented) form.dataset.sent = ""; });
  document.addEventListener("htmx:beforeRequest", (e) => { if ((e.target as Element).closest("form")?.dataset.sent !== undefined) e.preventDefault(); });
  addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((f) => delete f.dataset.sent));
}

function drop(zone: HTMLElement): void {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return;
  const names = zone.querySelector("output");
  input.addEventListener("change", () => { if (names) names.textContent = [...(input.files ?? [])].map((f) => f.name).join(", "); });
  const over = (on: boolean) => (e: DragEvent) => { e.preventDefault(); zone.toggleAttribute("data-over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (e) => {
    over(false)(e);
    if (e.dataTransfer?.files.length) { input.files = e.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
  });
}

/** The server sends <li role="option" data-value data-label>; choosing one fills the visible and the hidden field. */
function typeahead(box: HTMLElement): void {
  const text = box.querySelector<HTMLInputElement>("input[role=combobox]");
  const value = box.querySelector<HTMLInputElement>("input[type=hidden]");
  const list = box.querySelector<HTMLElement>("ul");
  if (!text || !value || !list || box.dataset.ready) return;
  box.dataset.ready = "1";
  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const close = () => { list.replaceChildren(); text.setAttribute("aria-expanded", "false"); text.removeAttribute("aria-activedescendant"); };
  // Matches that come late, after a choice or in another field, are not wanted any more.
  const wanted = () => document.activeElement === text && value.value === "";
  const choose = (o: HTMLElement) => { text.value = o.dataset.label ?? o.textContent ?? ""; value.value = o.dataset.value ?? ""; close(); };
  list.addEventListener("pointerdown", (e) => {
    const o = (e.target as Element).closest<HTMLElement>("[role=option]");
    if (o) { e.preventDefault(); choose(o); }
  });
  text.addEventListener("input", () => { value.value = ""; });
  text.addEventListener("blur", close);
  text.addEventListener("htmx:configRequest", (e) => { if (wanted()) (e as CustomEvent).detail.parameters = { q: text.value }; else e.preventDefault(); });
  list.addEventListener("htmx:afterSwap", () => { if (wanted()) { text.setAttribute("aria-expanded", String(options().length > 0)); text.removeAttribute("aria-activedescendant"); } else close(); });
  text.addEventListener("keydown", (e) => {
    const all = options();
    const at = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (e.key === "Escape") close();
    else if (e.key === "Enter" && all.length) { e.preventDefault(); choose(all[Math.max(0, at)]); }
    else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && all.length) {
      e.preventDefault();
      const next = (at + (e.key === "ArrowDown" ? 1 : all.length - (at < 0 ? 0 : 1))) % all.length;
      all.forEach((o, i) => o.setAttribute("aria-selected", String(i === next)));
      text.setAttribute("aria-activedescendant", all[next].id);
      all[next].scrollIntoView({ block: "nearest" });
    }
  });
}

function copy(button: HTMLButtonElement): void {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    const said = button.dataset.done;
    if (said) { const was = button.textContent; button.textContent = said; setTimeout(() => (button.textContent = was), 2000); }
  });
}
