// The page around this one: in a Space, the app stands in a frame of the hub's page.

const HUB = "https://huggingface.co";

const framed = () => window.parent !== window;

/** Let the address of the hub's page follow a query string. `space` is the Space's name, "" elsewhere. */
export function follow(space, queryString) {
  if (space && framed()) window.parent.postMessage({ queryString }, HUB);
}

/** The address that others can open: this page's, or that of the page around it. */
export function publicAddress(space) {
  return space && framed() ? `${HUB}/spaces/${space}${location.search}${location.hash}` : location.href;
}
