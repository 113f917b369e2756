// `?` shows the keys, `/` searches, `g` then a letter goes. Single keys can be switched off (WCAG 2.1.4).
const SWITCH = "throughline.keys";
const SECOND_KEY_MS = 1500;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function areOn(): boolean {
  return localStorage.getItem(SWITCH) !== "off";
}

function visible(selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility());
}

function focusSearch(): boolean {
  const box = visible("[data-search]");
  if (box) {
    box.focus();
    return true;
  }
  const more = document.querySelector<HTMLDetailsElement>("[data-more]");
  if (!more?.checkVisibility()) return false;
  more.open = true;
  more.querySelector<HTMLElement>("[data-search]")?.focus();
  return true;
}

export function installKeys(): void {
  const dialog = document.querySelector<HTMLDialogElement>("[data-keys]");
  let waitsSince = 0;

  const choice = dialog?.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (choice) {
    choice.checked = areOn();
    choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  }
  for (const opener of document.querySelectorAll("[data-keys-open]")) {
    opener.addEventListener("click", () => dialog?.showModal());
  }
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || dialog?.open || !areOn()) return;
    if (Date.now() - waitsSince < SECOND_KEY_MS) {
      waitsSince = 0;
      const link = document.querySelector<HTMLAnchorElement>(`a[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
      if (link) {
        event.preventDefault();
        link.click();
        return;
      }
    }
    if (event.key === "?" && dialog) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.key === "/" && focusSearch()) {
      event.preventDefault();
    } else if (event.key === "g") {
      waitsSince = Date.now();
    }
  });
}
