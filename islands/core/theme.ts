// The theme changes at once; the same form tells the server, which sets it from the first byte next time.
export function installTheme(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement)) return;
      event.preventDefault();
      const chosen = new FormData(form, button);
      document.documentElement.dataset.theme = button.value;
      for (const other of document.querySelectorAll("[data-theme-form] button")) {
        other.setAttribute("aria-pressed", String((other as HTMLButtonElement).value === button.value));
      }
      void fetch(form.action, { method: "POST", body: chosen, redirect: "manual", keepalive: true });
    });
  }
}
