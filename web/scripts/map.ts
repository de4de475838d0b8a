// Zooming into a map with Leaflet: outlines only, no tiles, so it works without the internet. The outlines are the paths that
// the server drew; the sheet with Leaflet's rules comes on the same press.
import L from "leaflet";

export async function zoom(button: HTMLElement): Promise<void> {
  const figure = button.closest<HTMLElement>(".map");
  const svg = figure?.querySelector<SVGSVGElement>(".outline > svg");
  const place = figure?.querySelector<HTMLElement>(".zoom");
  if (!figure || !svg || !place) return;
  await sheet(button.dataset.sheet ?? "");
  const box = svg.viewBox.baseVal;
  place.hidden = false;
  svg.classList.add("sr");
  button.hidden = true;
  const map = L.map(place, { crs: L.CRS.Simple, attributionControl: false, zoomSnap: 0.5, minZoom: -2, maxZoom: 5 });
  const bounds = L.latLngBounds([[-box.height, 0], [0, box.width]]);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.classList.remove("sr");
  L.svgOverlay(copy, bounds, { interactive: true }).addTo(map);
  map.fitBounds(bounds);
}

function sheet(href: string): Promise<void> {
  if (!href || document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: () => done(), onerror: failed });
    document.head.append(link);
  });
}
