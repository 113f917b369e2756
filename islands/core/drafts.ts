// Forms marked data-keep="name" keep what was typed in this browser until it is sent. Secrets are never kept, and forms
// whose author must stay unknown must not be marked.
const PREFIX = "throughline.draft.";
const KEPT_DAYS = 14;
const PAUSE_MS = 400;

interface Draft {
  at: number;
  sent: boolean;
  values: Record<string, string>;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (element): element is Control =>
      (element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement ||
        (element instanceof HTMLInputElement &&
          ["text", "search", "number", "date", "datetime-local", "email", "url"].includes(element.type))) &&
      element.name !== "",
  );
}

function keyOf(form: HTMLFormElement): string {
  return `${PREFIX}${form.dataset.keep ?? ""}:${location.pathname}`;
}

function read(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEPT_DAYS * 86_400_000 ? draft : undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or refused: the form still works, it only does not remember.
  }
}

function typedIn(form: HTMLFormElement): Record<string, string> {
  const changed = controlsOf(form).filter((control) => control.value !== initialOf(control));
  return Object.fromEntries(changed.map((control) => [control.name, control.value]));
}

function initialOf(control: Control): string {
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue;
  return [...control.options].find((option) => option.defaultSelected)?.value ?? control.options[0]?.value ?? "";
}

// A page that loads after the form was sent means the server has it, unless the reader came back to a failed sending.
function forgetSent(): void {
  const entry = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  if (entry?.type === "back_forward") return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && (read(key)?.sent ?? true)) localStorage.removeItem(key);
  }
}

function offerDiscard(form: HTMLFormElement, key: string): void {
  const line = document.createElement("p");
  line.className = "draft-kept";
  line.dataset["local"] = "";
  line.setAttribute("role", "status");
  line.append("We kept what you had typed here. ");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Discard it";
  button.addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    line.remove();
  });
  line.append(button);
  form.prepend(line);
}

function restore(form: HTMLFormElement, key: string): void {
  const draft = read(key);
  if (!draft || form.querySelector(".field-error")) return;
  let restored = 0;
  for (const control of controlsOf(form)) {
    const kept = draft.values[control.name];
    if (kept === undefined || control.value === kept) continue;
    control.value = kept;
    restored += 1;
  }
  if (restored > 0) offerDiscard(form, key);
}

function watch(form: HTMLFormElement): void {
  if (form.dataset.kept) return;
  form.dataset.kept = "yes";
  const key = keyOf(form);
  restore(form, key);
  let timer = 0;
  const keep = (): void => {
    timer = 0;
    const values = typedIn(form);
    if (Object.keys(values).length === 0) localStorage.removeItem(key);
    else write(key, { at: Date.now(), sent: false, values });
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, PAUSE_MS);
  });
  // A page that is left within the pause loses nothing either.
  window.addEventListener("pagehide", () => {
    if (timer === 0) return;
    window.clearTimeout(timer);
    keep();
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    timer = 0;
    const values = typedIn(form);
    if (Object.keys(values).length > 0) write(key, { at: Date.now(), sent: true, values });
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if ((event as CustomEvent<{ successful: boolean }>).detail.successful) localStorage.removeItem(key);
  });
}

let hasForgotten = false;

export function keepDrafts(root: ParentNode): void {
  try {
    if (!hasForgotten) forgetSent();
    hasForgotten = true;
    root.querySelectorAll<HTMLFormElement>("form[data-keep]").forEach(watch);
  } catch {
    // A browser that refuses storage altogether.
  }
}
