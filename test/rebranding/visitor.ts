import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

/** One person's browser without a screen: it keeps cookies, and whatever it is sent is read. */
export type Visitor = ReturnType<typeof newVisitor>;

export type Read = (from: string, sent: string) => void;

export function newVisitor(shop: string, language: string, read: Read) {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(new URL(path, shop), {
      redirect: "manual",
      ...init,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "accept-language": language,
        origin: shop,
        "content-type": "application/json",
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    const text = await answer.text();
    read(`${language} ${path}`, text);
    return { status: answer.status, text };
  };
  return {
    /** Throws where it is answered with another status. */
    opens: async (path: string, status = 200): Promise<string> => {
      const answer = await ask(path);
      if (answer.status !== status) throw new Error(`${path} was answered ${answer.status}.`);
      return answer.text;
    },
    sends: async (path: string, body: object): Promise<Record<string, unknown>> => {
      const { status, text } = await ask(path, { method: "POST", body: JSON.stringify(body) });
      if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
      return Object(JSON.parse(text));
    },
  };
}

/** What `find` answers as soon as it answers something. */
export async function awaited<Found>(what: string, find: () => Promise<Found | undefined>): Promise<Found> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const found = await find();
    if (found !== undefined) return found;
    await pause(LOOK_MS);
  }
  throw new Error(`Waited in vain for ${what}.`);
}
