/** The answer to a form that was refused stands in the history as something sent, which the browser neither keeps nor asks for again: Back would end on its error
 *  page (ERR_CACHE_MISS). It takes the place of the page on which the form stood, so that Back and Reload ask for that one. */
export function posted(): void {
  if (!("posted" in document.documentElement.dataset)) return;
  const from = document.referrer;
  history.replaceState(history.state, "", from.startsWith(location.origin + "/") ? from : location.href);
}
