// The live board: others' posts and groups appear within a second, cards move by keys, mouse and finger. One custom
// event goes out ("throughline:board"). Without this script the same forms send whole pages.
import "./board.css";
import { follow } from "./live";
import { installDragging, installKeys, roving } from "./moving";
import { boardElement, send } from "./sending";

function empty(form: HTMLFormElement): void {
  form.reset();
  // The draft that was kept while typing has been sent.
  form.dispatchEvent(new CustomEvent("htmx:afterRequest", { detail: { successful: true } }));
}

function start(): void {
  const board = boardElement();
  if (!board) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-board-form]")) return;
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const kept = new FormData(form);
    void send(form, (data) => {
      if (pressed?.name) data.set(pressed.name, pressed.value);
    }).then((isDone) => {
      const now = new FormData(form);
      const isUntouched = [...kept.keys()].every((name) => name === "once" || String(now.get(name)) === String(kept.get(name)));
      if (isDone && isUntouched) empty(form);
      roving();
    });
  });
  installKeys(board);
  installDragging(board);
  roving();
  board.addEventListener("throughline:board", () => roving());
  const live = document.getElementById("board-live")?.textContent;
  if (live) follow(JSON.parse(live) as Parameters<typeof follow>[0]);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
