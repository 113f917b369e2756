// The answer host's only script: brings a key or a receipt from the address's fragment into the form, and makes the
// form's number in the browser. Nothing is kept, nothing is fetched.

function fragment(): string {
  const secret = decodeURIComponent(location.hash.slice(1)).trim();
  // Out of the address bar, so that nobody reads it over a shoulder and no history keeps it.
  if (secret) history.replaceState(null, "", location.pathname);
  return /^[A-Za-z0-9-]{8,80}$/.test(secret) ? secret : "";
}

function numberOfForm(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function control(form: HTMLFormElement, name: string): HTMLInputElement | null {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : null;
}

function start(): void {
  const secret = fragment();
  const post = document.querySelector<HTMLFormElement>("form[data-answer]");
  if (post) {
    const key = control(post, "key");
    if (key && secret) key.value = secret;
    const nonce = control(post, "nonce");
    // After a refusal the server keeps the number of what was typed, so that a repetition is recognised.
    if (nonce && !document.querySelector("[data-errors]")) nonce.value = numberOfForm();
  }
  const receipt = document.querySelector<HTMLFormElement>("form[data-receipt]");
  const typed = receipt ? control(receipt, "receipt") : null;
  if (receipt && typed && secret) {
    typed.value = secret;
    receipt.requestSubmit();
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

export {};
