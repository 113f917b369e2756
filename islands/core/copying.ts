// Copy buttons say that they copied, in the same place, for eyes and for screen readers.
const SHOWN_MS = 2000;

export function installCopying(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-copy]");
    if (!button) {
      if (target instanceof HTMLInputElement && target.matches("[data-select]")) target.select();
      return;
    }
    const source = document.getElementById(button.dataset.copy ?? "");
    if (source instanceof HTMLInputElement) void copy(source, button);
  });
}

async function copy(source: HTMLInputElement, button: HTMLElement): Promise<void> {
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    return; // Not allowed here: the text is selected, so the person's own copy key works.
  }
  const label = button.querySelector<HTMLElement>("[data-copy-label]");
  if (!label || label.dataset.before) return;
  label.dataset.before = label.textContent ?? "";
  label.setAttribute("aria-live", "polite");
  label.textContent = label.dataset.done ?? "";
  window.setTimeout(() => {
    label.textContent = label.dataset.before ?? "";
    delete label.dataset.before;
  }, SHOWN_MS);
}
