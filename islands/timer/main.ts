// A visible timer on the agenda item that is running. Without it the page says since when it runs.
function words(seconds: number): string {
  const size = Math.abs(seconds);
  const minutes = Math.floor(size / 60);
  const rest = String(Math.floor(size % 60)).padStart(2, "0");
  return seconds >= 0 ? `${minutes}:${rest} left` : `${minutes}:${rest} over`;
}

function tick(element: HTMLElement): void {
  const started = Date.parse(element.dataset["timer"] ?? "");
  const minutes = Number(element.dataset["minutes"]);
  if (Number.isNaN(started) || Number.isNaN(minutes)) return;
  const left = started / 1000 + minutes * 60 - Date.now() / 1000;
  element.textContent = words(left);
  element.classList.toggle("is-over", left < 0);
}

function start(): void {
  const timers = [...document.querySelectorAll<HTMLElement>("[data-timer]")];
  if (timers.length === 0) return;
  timers.forEach(tick);
  window.setInterval(() => timers.forEach(tick), 1000);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

export {};
