// Draws a structure from SMILES with OpenChemLib. Without scripts the SMILES and the formula stand in its place.
import { Molecule } from "openchemlib";

export function draw(figure: HTMLElement): void {
  const place = figure.querySelector<HTMLElement>(".drawing");
  if (!place || figure.dataset.ready) return;
  figure.dataset.ready = "1";
  try {
    const molecule = Molecule.fromSmiles(figure.dataset.smiles ?? "");
    const source = molecule.toSVG(440, 240, undefined, { autoCrop: true, autoCropMargin: 8, suppressChiralText: true, suppressESR: true, suppressCIPParity: true, noStereoProblem: true });
    const svg = new DOMParser().parseFromString(plain(source), "image/svg+xml").documentElement;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", place.dataset.label ?? "");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    themed(svg);
    place.replaceChildren(document.importNode(svg, true));
    place.hidden = false;
  } catch {
    place.hidden = true; // an unreadable SMILES stays as text below
  }
}

/** Without style elements and attributes, which the content security policy refuses even while parsing. */
function plain(source: string): string {
  return source.replace(/<style[\s\S]*?<\/style>/g, "").replace(/\sstyle="[^"]*"/g, "");
}

/** Black ink becomes the page's ink; coloured atoms become ink too, since letters already name them. */
function themed(svg: Element): void {
  for (const el of svg.querySelectorAll("*")) {
    if (el.hasAttribute("stroke") && el.getAttribute("stroke") !== "none") el.setAttribute("stroke", "currentColor");
    const fill = el.getAttribute("fill");
    if (fill && fill !== "none") el.setAttribute("fill", "currentColor");
    if (el.tagName === "text") { el.setAttribute("fill", "currentColor"); el.setAttribute("stroke", "none"); el.setAttribute("font-family", "Inter Variable, sans-serif"); }
  }
}
