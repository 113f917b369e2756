// What every page gets: htmx, the keys, and small kindnesses for forms. Every page works without it.
import htmx from "htmx.org";
import { keepDrafts } from "./drafts";
import { improveForms } from "./forms";
import { installKeys } from "./keys";
import { installMenus } from "./menus";
import { installTheme } from "./theme";
import { installCopying } from "./copying";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

function start(): void {
  window.htmx = htmx;
  document.documentElement.classList.add("has-script");
  installKeys();
  installMenus();
  installTheme();
  installCopying();
  improveForms();
  keepDrafts(document);
  htmx.onLoad((element) => {
    if (element instanceof HTMLElement && element !== document.body) keepDrafts(element);
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
