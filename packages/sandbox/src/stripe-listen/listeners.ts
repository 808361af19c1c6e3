import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { headersOf } from "../delivery/post.ts";
import { signatureHeader } from "../delivery/signature.ts";
import { thinOf } from "../events/thin.ts";
import { longId } from "../ids.ts";
import { isLoopback } from "../loopback.ts";
import type { Store } from "../store.ts";
import { API_VERSION } from "../version.ts";
import { type EventObject, PING } from "../wire.ts";
import { type CliSession, cliSession, SOCKET_PATH } from "./session.ts";
import { Socket } from "./socket.ts";

/** One request, as `stripe logs tail` shows it. */
export interface Logged {
  created_at: number;
  error: object;
  livemode: false;
  method: string;
  request_id: string;
  status: number;
  url: string;
}

/** The Stripe CLIs that listen: to events, each once and never again, or to the log of requests. */
export class Listeners {
  readonly #store: Store;
  readonly #connected = new Map<Socket, CliSession>();
  /** The last event that was told. */
  #told = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes a connection of the CLI's, or refuses it in the words the CLI knows. */
  connect(request: IncomingMessage, stream: Duplex, onlyHere: boolean): void {
    const { hostname, pathname } = new URL(request.url ?? "/", `http://${request.headers.host ?? "nobody"}`);
    const id = String(request.headers["websocket-id"] ?? "");
    const session = cliSession(this.#store, id);
    if ((onlyHere && !isLoopback(hostname)) || pathname !== SOCKET_PATH || !session) {
      const body = JSON.stringify({ error: { message: "Unknown WebSocket ID." } });
      stream.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    if (this.#of("webhooks").length === 0) this.#told = this.#newest();
    const socket = Socket.accept(request, stream);
    this.#connected.set(socket, session);
    socket.onClose(() => this.#connected.delete(socket));
  }

  /** Tells of what has happened since. Cheap to call when nobody listens. */
  tell(): void {
    if (this.#connected.size === 0) return;
    const sql = "SELECT seq, body FROM object WHERE kind = 'event' AND seq > ? ORDER BY seq";
    for (const { seq, body } of this.#store.rows(sql, this.#told)) {
      this.#told = Number(seq);
      this.#forward(JSON.parse(String(body)));
    }
  }

  /** Goes on from here, after the store was emptied or put back under it. */
  restart(): void {
    this.#told = this.#newest();
  }

  /** Tells of one event once more. */
  resend(id: string): void {
    const event = this.#store.find("event", id);
    if (event) this.#forward(event);
  }

  log(request: Logged): void {
    for (const [socket, { filters }] of this.#of("request_logs")) {
      if (!passes(request, filters)) continue;
      const message = {
        event_payload: JSON.stringify(request),
        request_log_id: longId("resp"),
        type: "request_log_event",
      };
      socket.send(JSON.stringify(message));
    }
  }

  close(): void {
    for (const socket of this.#connected.keys()) socket.close();
  }

  #forward(event: EventObject): void {
    const whole = JSON.stringify(event, null, 2);
    const thin = JSON.stringify(thinOf(event), null, 2);
    const headers = (body: string) => this.#headers(body);
    const told = {
      event_payload: whole,
      http_headers: headers(whole),
      type: "webhook_event",
      webhook_conversation_id: longId("wc"),
      webhook_id: longId("wh"),
    };
    for (const [socket] of this.#of("webhooks")) {
      // Once in the account's version and once in the latest: the CLI shows the one it was started for.
      for (const api_version of event.type === PING ? [] : [null, API_VERSION])
        socket.send(JSON.stringify({ ...told, endpoint: { api_version } }));
      const destination_id = longId("ed_test");
      socket.send(
        JSON.stringify({ destination_id, http_headers: headers(thin), payload: thin, type: "v2_event" }),
      );
    }
  }

  #headers(body: string): Record<string, string> {
    const secret = this.#store.setting("stripecli_secret") ?? "";
    const sent = Object.entries(headersOf(body, signatureHeader(body, [secret])));
    return Object.fromEntries(sent.map(([name, value]) => [name, String(value)]));
  }

  #of(feature: CliSession["feature"]): [Socket, CliSession][] {
    return [...this.#connected].filter(([, session]) => session.feature === feature);
  }

  #newest(): number {
    return Number(this.#store.row("SELECT max(seq) AS seq FROM object")?.seq ?? 0);
  }
}

/** The CLI's own filters, as its flags name them; one that was not given lets all through. */
function passes({ method, status, url }: Logged, filters: Record<string, unknown>): boolean {
  const among = (name: string, is: (wanted: string) => boolean) => {
    const wanted = filters[name];
    return !Array.isArray(wanted) || wanted.length === 0 || wanted.some((one) => is(String(one)));
  };
  return (
    among("filter_http_method", (wanted) => wanted.toUpperCase() === method) &&
    among("filter_request_path", (wanted) => url.startsWith(wanted)) &&
    among("filter_request_status", (wanted) => (wanted.toUpperCase() === "FAILED") === status >= 400) &&
    among("filter_status_code", (wanted) => Number(wanted) === status) &&
    among("filter_status_code_type", (wanted) => wanted.charAt(0) === String(status).charAt(0))
  );
}
