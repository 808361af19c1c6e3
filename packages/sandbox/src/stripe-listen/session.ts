import { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { hash, ignored, list, oneOf, text } from "../api/params.ts";
import { longId, webhookSecret } from "../ids.ts";
import type { Store } from "../store.ts";
import { API_VERSION } from "../version.ts";

/** Where the CLI connects to. */
export const SOCKET_PATH = "/stripecli/socket";

const SECRET = "stripecli_secret";
const NOTE = "stripecli";
/** The CLI connects anew after this long; nothing here makes it necessary. */
const RECONNECT_SECONDS = 86_400;

const feature = () => oneOf("request_logs", "v2_events", "webhooks");

const session = z.object({
  feature: z.enum(["request_logs", "webhooks"]),
  filters: z.record(z.string(), z.unknown()),
});
export type CliSession = z.output<typeof session>;

export const cliSession = (store: Store, id: string): CliSession | undefined => {
  const note = store.note(id, NOTE);
  return note === undefined ? undefined : session.parse(JSON.parse(note));
};

/** What the CLI's listeners are signed with: the same at every start, until the sandbox is reset. */
export function cliSecret(act: Act): string {
  const known = act.store.setting(SECRET);
  if (known !== undefined) return known;
  const secret = webhookSecret();
  act.store.setSetting(SECRET, secret);
  return secret;
}

/** The CLI writes its filters as JSON: an object, or `null` where it has none. */
const filters = () =>
  text(10_000).transform((value, context): CliSession["filters"] => {
    try {
      return session.shape.filters.nullable().parse(JSON.parse(value || "null")) ?? {};
    } catch {
      context.issues.push({
        code: "custom",
        input: value,
        message: "Invalid filters: must be a JSON object",
      });
      return z.NEVER;
    }
  });

/** `stripe listen` and `stripe logs tail` begin here (`pkg/stripeauth/client.go` in stripe/stripe-cli). */
export const cliSessions = [
  endpoint({
    method: "POST",
    path: "/v1/stripecli/sessions",
    params: hash({
      device_name: ignored("cli_only"),
      filters: filters().optional(),
      forward_connect_to_url: ignored("cli_only"),
      forward_thin_connect_to_url: ignored("cli_only"),
      forward_thin_to_url: ignored("cli_only"),
      forward_to_url: ignored("cli_only"),
      websocket_features: list(feature()),
    }),
    run(act, params) {
      const logs = params.websocket_features.includes("request_logs");
      const id = longId("cliws");
      const kept: CliSession = {
        feature: logs ? "request_logs" : "webhooks",
        filters: params.filters ?? {},
      };
      act.store.setNote(id, NOTE, JSON.stringify(kept));
      return {
        default_version: API_VERSION,
        device_token: id,
        display_connect_filter_warning: false,
        latest_version: API_VERSION,
        reconnect_delay: RECONNECT_SECONDS,
        secret: cliSecret(act),
        websocket_authorized_feature: kept.feature,
        websocket_id: id,
        websocket_url: `${act.origin.replace(/^http/, "ws")}${SOCKET_PATH}`,
      };
    },
  }),
];
