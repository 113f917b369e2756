// Moving cards: by keys, by dragging with mouse, pen or finger. Each is the same small command the page's form sends.
import { boardElement, say, send } from "./sending";

function columns(): HTMLElement[] {
  return [...(boardElement()?.querySelectorAll<HTMLElement>("[data-column]") ?? [])];
}

function cards(column: Element): HTMLElement[] {
  return [...column.querySelectorAll<HTMLElement>("[data-card]")];
}

function titleOf(column: HTMLElement): string {
  return column.querySelector("h2")?.textContent?.trim() ?? "";
}

function valueOf(card: HTMLElement): string {
  return card.querySelector<HTMLInputElement>(".card-choose")?.value ?? "";
}

async function put(card: HTMLElement, column: HTMLElement): Promise<void> {
  const form = document.getElementById("group-form");
  const value = valueOf(card);
  if (!(form instanceof HTMLFormElement) || !value || card.closest("[data-column]") === column) return;
  const title = titleOf(column);
  const had = card.contains(document.activeElement);
  const isDone = await send(form, (data) => {
    data.delete("card");
    data.append("card", value);
    data.set("to", column.dataset["column"] ?? "");
    data.set("do", "move");
  });
  if (isDone) say(`Moved to ${title}.`);
  if (had) document.getElementById(card.id)?.focus();
}

// One card of the board takes part in the tab order; the arrows go from it to the others.
export function roving(): void {
  const all = [...(boardElement()?.querySelectorAll<HTMLElement>("[data-card][tabindex]") ?? [])];
  const current = all.find((card) => card === document.activeElement) ?? all.find((card) => card.tabIndex === 0) ?? all[0];
  for (const card of all) card.tabIndex = card === current ? 0 : -1;
}

function go(card: HTMLElement | undefined): void {
  if (!card) return;
  card.focus();
  roving();
}

function step(card: HTMLElement, key: string): boolean {
  const column = card.closest<HTMLElement>("[data-column]");
  const all = columns();
  const at = column ? all.indexOf(column) : -1;
  if (!column || at < 0) return false;
  const inside = cards(column);
  const row = inside.indexOf(card);
  const beside = (direction: number): HTMLElement | undefined => {
    for (let next = at + direction; next >= 0 && next < all.length; next += direction) {
      const there = cards(all[next] as HTMLElement);
      if (there.length > 0) return there[Math.min(row, there.length - 1)];
    }
    return undefined;
  };
  if (key === "ArrowDown") go(inside[row + 1]);
  else if (key === "ArrowUp") go(inside[row - 1]);
  else if (key === "ArrowRight") go(beside(1));
  else if (key === "ArrowLeft") go(beside(-1));
  else if (key === "]" && all[at + 1]) void put(card, all[at + 1] as HTMLElement);
  else if (key === "[" && all[at - 1]) void put(card, all[at - 1] as HTMLElement);
  else return false;
  return true;
}

export function installKeys(board: HTMLElement): void {
  board.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!(card instanceof HTMLElement) || !card.dataset["card"] || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      event.preventDefault();
      card.querySelector<HTMLInputElement>(".card-choose")?.click();
    } else if (step(card, event.key)) {
      event.preventDefault();
    }
  });
  board.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLElement && event.target.dataset["card"]) roving();
  });
}

export function installDragging(board: HTMLElement): void {
  board.addEventListener("pointerdown", (event) => {
    const handle = (event.target as Element).closest<HTMLElement>("[data-handle]");
    const card = handle?.closest<HTMLElement>("[data-card]");
    if (!handle || !card || event.button !== 0) return;
    event.preventDefault();
    drag(card, handle, event);
  });
}

function columnAt(x: number, y: number): HTMLElement | null {
  return document.elementsFromPoint(x, y).map((element) => element.closest<HTMLElement>("[data-column]")).find(Boolean) ?? null;
}

function drag(card: HTMLElement, handle: HTMLElement, start: PointerEvent): void {
  let over: HTMLElement | null = null;
  const mark = (column: HTMLElement | null): void => {
    if (column === over) return;
    over?.classList.remove("is-over");
    column?.classList.add("is-over");
    over = column;
  };
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== start.pointerId) return;
    card.style.translate = `${event.clientX - start.clientX}px ${event.clientY - start.clientY}px`;
    mark(columnAt(event.clientX, event.clientY));
    const edge = 60;
    if (event.clientY < edge) window.scrollBy(0, -12);
    else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
  };
  const end = (event: PointerEvent): void => {
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", end);
    handle.removeEventListener("pointercancel", end);
    card.classList.remove("is-dragged");
    card.style.removeProperty("translate");
    const target = over;
    mark(null);
    if (event.type === "pointerup" && target) void put(card, target);
  };
  handle.setPointerCapture(start.pointerId);
  card.classList.add("is-dragged");
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
}
