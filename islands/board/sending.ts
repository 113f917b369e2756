// Sends the board's own forms without leaving the page; the answer is the board as it is now, also when it refuses.
import { patch } from "./patch";

export const FRAGMENT = { "X-Board": "1" };

export function boardElement(): HTMLElement | null {
  return document.getElementById("board");
}

// A cursor is "<last event>.<number of events>.<posts shown>"; the first two only grow.
function isOlder(fresh: HTMLElement, old: HTMLElement): boolean {
  const [a, b] = [fresh, old].map((board) => (board.dataset["cursor"] ?? "").split(".").map(Number)) as [number[], number[]];
  return (a[0] ?? 0) < (b[0] ?? 0) || (a[0] === b[0] && (a[1] ?? 0) < (b[1] ?? 0));
}

// Answers may overtake each other: what is on the page is never put back to an older state, except to show a refusal.
export function show(html: string, isRefusal = false): HTMLElement | null {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  const old = boardElement();
  if (!fresh || !old) return null;
  if (isOlder(fresh, old) && !isRefusal) return old;
  patch(old, fresh);
  old.dispatchEvent(new CustomEvent("throughline:board", { bubbles: true, detail: { cursor: old.dataset["cursor"] } }));
  return old;
}

export function say(words: string): void {
  const place = document.getElementById("board-said");
  if (place) place.textContent = words;
}

export async function refresh(): Promise<boolean> {
  const url = boardElement()?.dataset["boardUrl"];
  if (!url) return false;
  const answer = await fetch(url, { headers: FRAGMENT, credentials: "same-origin" });
  if (!answer.ok) return false;
  show(await answer.text());
  return true;
}

export async function send(form: HTMLFormElement, changes: (data: FormData) => void = () => undefined): Promise<boolean> {
  const data = new FormData(form);
  // Each sending is a new act; the key printed in the page would make the second one look like a repetition.
  data.set("once", crypto.randomUUID());
  changes(data);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: FRAGMENT, credentials: "same-origin" });
    const html = await answer.text();
    const isBoard = show(html, !answer.ok) !== null;
    if (!isBoard) say(answer.ok ? "" : "This could not be saved. Reload the page; what you typed is kept.");
    return answer.ok;
  } catch {
    say("There is no connection at the moment. What you typed is kept; send it again.");
    return false;
  }
}
