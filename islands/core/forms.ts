// One submission at a time, text areas that grow, the error summary in focus, and a word about the chosen file.
const SENT_BY_HTMX = "[hx-post], [hx-put], [hx-patch], [hx-delete]";

function guardSubmission(form: HTMLFormElement, event: SubmitEvent): void {
  if (form.method === "get" || form.method === "dialog") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "yes";
  // After this event: by then it is known whether another script keeps the form here instead of sending it.
  window.setTimeout(() => {
    if (event.defaultPrevented && !form.matches(SENT_BY_HTMX)) release(form);
    else event.submitter?.setAttribute("data-busy", "");
  });
}

function release(form: Element): void {
  if (!(form instanceof HTMLFormElement)) return;
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
}

// Where the browser cannot size a text area by its content itself.
function grow(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  const charactersPerLine = Math.max(Math.floor(area.clientWidth / 8), 20);
  const lines = area.value.split("\n").map((line) => Math.ceil((line.length + 1) / charactersPerLine));
  area.rows = Math.max(4, lines.reduce((total, count) => total + count, 1));
}

function focusErrors(root: ParentNode): void {
  root.querySelector<HTMLElement>("[data-errors]")?.focus();
}

function nameFile(drop: HTMLElement): void {
  const input = drop.querySelector<HTMLInputElement>("input[type=file]");
  const words = drop.querySelector<HTMLElement>("[data-file-name]");
  const names = [...(input?.files ?? [])].map((file) => file.name);
  if (words && names.length > 0) words.textContent = names.join(", ");
}

export function improveForms(): void {
  document.addEventListener("submit", (event) => guardSubmission(event.target as HTMLFormElement, event), true);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const source = event.target as Element;
    const form = source.closest("form");
    if (form) release(form);
  });
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.matches("[data-grow]")) grow(event.target);
  });
  document.addEventListener("change", (event) => {
    const drop = (event.target as Element).closest<HTMLElement>("[data-file-drop]");
    if (drop) nameFile(drop);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const drop = (event.target as Element).closest?.<HTMLElement>("[data-file-drop]");
      if (!drop) return;
      drop.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      takeFiles(drop, event as DragEvent);
    });
  }
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target as Element));
  focusErrors(document);
}

function takeFiles(drop: HTMLElement, event: DragEvent): void {
  const input = drop.querySelector<HTMLInputElement>("input[type=file]");
  if (!input || !event.dataTransfer) return;
  event.preventDefault();
  if (event.type !== "drop" || event.dataTransfer.files.length === 0) return;
  input.files = event.dataTransfer.files;
  nameFile(drop);
}
