/** Cards are confirmed within the first second or two, everything else can wait longer. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
const BACK_OFF_FACTOR = 1.5;

/**
 * Asks for the order's status again and again, slower and slower, and only while somebody looks. Whatever goes wrong
 * on the way is asked again. Returns how to stop.
 */
export function watchOrder(sessionId: string, onStatus: (status: string) => void): () => void {
  let pause = FIRST_PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const ask = async () => {
    timer = undefined;
    asking = new AbortController();
    const { signal } = asking;
    const status = await readStatus(sessionId, signal);
    if (signal.aborted) return;
    if (status !== undefined) onStatus(status);
    schedule();
  };
  const schedule = () => {
    timer = setTimeout(ask, pause);
    pause = Math.min(pause * BACK_OFF_FACTOR, LONGEST_PAUSE_MS);
  };
  const rest = () => {
    clearTimeout(timer);
    asking?.abort();
  };
  const look = () => {
    rest();
    if (document.hidden) return;
    pause = FIRST_PAUSE_MS;
    schedule();
  };

  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    rest();
  };
}

async function readStatus(sessionId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(`/api/orders?sessionId=${encodeURIComponent(sessionId)}`, { signal });
    const order: unknown = await response.json();
    if (typeof order !== "object" || order === null || !("status" in order)) return undefined;
    return typeof order.status === "string" ? order.status : undefined;
  } catch {
    return undefined;
  }
}
