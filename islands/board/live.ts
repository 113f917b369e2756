// Hears that the board changed: by the live stream, and by asking every two seconds while there is no stream.
import { boardElement, refresh } from "./sending";

interface Live {
  ticket: string;
  liveUrl: string;
  cursor: string;
}

const POLL_MS = 2000;
const RETRY_MS = 30_000;

export function follow(live: Live): void {
  let ticket = live.ticket;
  let polling = 0;
  let fetching = false;
  let again = false;

  async function update(): Promise<void> {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      await refresh();
    } catch {
      // No connection: the next message or poll tries again.
    }
    fetching = false;
    if (again) {
      again = false;
      await update();
    }
  }

  async function ask(): Promise<boolean> {
    const board = boardElement();
    const url = board?.dataset["changesUrl"];
    if (!board || !url || document.hidden) return false;
    try {
      const after = encodeURIComponent(board.dataset["cursor"] ?? "");
      const answer = await fetch(`${url}?after=${after}`, { credentials: "same-origin" });
      if (!answer.ok) return false;
      const seen = (await answer.json()) as { is_changed: boolean; ticket: string };
      ticket = seen.ticket;
      if (seen.is_changed) await update();
      return true;
    } catch {
      return false;
    }
  }

  function poll(isOn: boolean): void {
    if (isOn && !polling) polling = window.setInterval(() => void ask(), POLL_MS);
    if (!isOn && polling) {
      window.clearInterval(polling);
      polling = 0;
    }
  }

  function connect(): void {
    const source = new EventSource(`${live.liveUrl}?ticket=${encodeURIComponent(ticket)}`);
    source.addEventListener("open", () => {
      poll(false);
      // What happened between the making of this page and now is told to nobody who was not there yet.
      void ask();
    });
    source.addEventListener("changed", () => void update());
    source.addEventListener("renew", () => {
      source.close();
      void ask().then(connect);
    });
    source.addEventListener("error", () => {
      // The browser would come back with the same ticket, which may be too old by then.
      source.close();
      poll(true);
      window.setTimeout(() => void ask().then(connect), polling ? RETRY_MS : 0);
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void ask();
  });
  connect();
}
