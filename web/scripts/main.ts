// The script of every page: htmx and the small modules. Heavy modules (charts, maps, structures) load when a page first needs them.
import htmx from "htmx.org";
import { confirms } from "./confirm";
import { autos, fields } from "./fields";
import { keys } from "./keys";
import { lazy } from "./lazy";
import { palette } from "./palette";
import { posted } from "./posted";
import { preferences } from "./preferences";
import { scroll } from "./scroll";
import { selection } from "./selection";
import { toasts } from "./toasts";

document.documentElement.classList.add("js");
document.querySelector(".rooms [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
posted();
preferences();
palette();
keys();
confirms();
autos();

/** Prepares what was just put on the page: at first everything, later what htmx swapped in. */
function prepare(root: ParentNode): void {
  selection(root);
  scroll(root);
  fields(root);
  toasts(root);
  lazy(root);
}
prepare(document);
htmx.onLoad((el) => { if (el !== document.body) prepare(el as HTMLElement); });
