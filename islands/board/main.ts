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

// What the person put into the form; what is hidden in it is the server's, and changes with every answer.
function typed(form: HTMLFormElement): string {
  const shown = [...new FormData(form)].filter(([name]) => form.querySelector(`[type="hidden"][name="${name}"]`) === null);
  return JSON.stringify(shown);
}

function start(): void {
  const board = boardElement();
  if (!board) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-board-form]")) return;
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const sent = typed(form);
    void send(form, (data) => {
      if (pressed?.name) data.set(pressed.name, pressed.value);
    }).then((isDone) => {
      // Whoever went on writing meanwhile has begun the next one.
      if (isDone && typed(form) === sent) empty(form);
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
