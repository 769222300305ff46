// What a link of the table or the form leads to takes the place of what is shown, without the page being loaded anew. Without
// this script the same links and the same form do the same by loading.
const main = () => document.querySelector("main");

async function show(url, keep) {
  main().setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!found.querySelector("main")) return location.assign(url);
  document.title = found.title;
  for (const part of ["nav", "main"]) document.querySelector(part).replaceWith(found.querySelector(part));
  if (keep) history.pushState(null, "", url);
}

const shown = (url, keep) => show(url, keep).catch(() => location.assign(url));

document.addEventListener("click", (event) => {
  const link = event.target.closest("main th a, main .paging a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  shown(link.href, true);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(event.target));
  shown(`${location.pathname}?${query}`, true);
});

window.addEventListener("popstate", () => shown(location.href, false));
