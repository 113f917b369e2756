// Menus and confirmations are plain <details>; here they close on Escape, on a click elsewhere, and on each other.
function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")];
}

function close(menu: HTMLDetailsElement): void {
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary")?.focus();
}

export function installMenus(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach(close);
    if (document.activeElement?.matches("[data-search]")) (document.activeElement as HTMLElement).blur();
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-close]")) {
      const own = target.closest<HTMLDetailsElement>("details[data-menu]");
      if (own) close(own);
      target.closest("dialog")?.close();
    }
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
  });
}
