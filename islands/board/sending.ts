// Sends the board's own forms without leaving the page; the answer is the board as it is now, also when it refuses.
import { patch } from "./patch";

export const FRAGMENT = { "X-Board": "1" };

export function boardElement(): HTMLElement | null {
  return document.getElementById("board");
}

export function show(html: string): HTMLElement | null {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  const old = boardElement();
  if (!fresh || !old) return null;
  patch(old, fresh);
  old.dispatchEvent(new CustomEvent("throughline:board", { bubbles: true, detail: { cursor: old.dataset["cursor"] } }));
  return old;
}

export function say(words: string): void {
  const place = document.getElementById("board-said");
  if (place) place.textContent = words;
}

let newest = 0;

export async function refresh(): Promise<boolean> {
  const url = boardElement()?.dataset["boardUrl"];
  if (!url) return false;
  newest += 1;
  const mine = newest;
  const answer = await fetch(url, { headers: FRAGMENT, credentials: "same-origin" });
  if (!answer.ok) return false;
  const html = await answer.text();
  // A later request may have answered first; the older answer must not win.
  if (mine === newest) show(html);
  return true;
}

export async function send(form: HTMLFormElement, changes: (data: FormData) => void = () => undefined): Promise<boolean> {
  const data = new FormData(form);
  // Each sending is a new act; the key printed in the page would make the second one look like a repetition.
  data.set("once", crypto.randomUUID());
  changes(data);
  newest += 1;
  const mine = newest;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: FRAGMENT, credentials: "same-origin" });
    const html = await answer.text();
    const isBoard = mine === newest ? show(html) !== null : true;
    if (!isBoard) say(answer.ok ? "" : "This could not be saved. Reload the page; what you typed is kept.");
    return answer.ok;
  } catch {
    say("There is no connection at the moment. What you typed is kept; send it again.");
    return false;
  }
}
