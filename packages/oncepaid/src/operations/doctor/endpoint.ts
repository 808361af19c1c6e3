import type { Engine } from "#/engine.ts";
import { subscribed } from "#/events/routes.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
import { isLoopback } from "#/settings.ts";
import { API_VERSION } from "#/stripe/client.ts";
import { createEndpoint, type Endpoint, listEndpoints, updateEndpoint } from "#/stripe/inspect.ts";

/** The webhook endpoint at Stripe: one, enabled, told of exactly what is routed, in the version this code reads. */

const PATH = "/stripe/webhook";

export async function checkEndpoint(engine: Engine, words: Words): Promise<Finding[]> {
  const fixIt = `\`${words.doctorFix}\` does it`;
  const { appUrl, stripe } = engine.settings;
  const here = await endpointsHere(engine, words);
  if (here.length === 0) {
    const what = `Stripe has no webhook endpoint for ${webhookUrl(engine, words)}, so no payment will be heard of.`;
    if (stripe.mode === "test" && isLoopback(appUrl)) {
      return [
        warn(
          what,
          `On your own machine run \`npx stripe listen --forward-to\` with that address, and set ${words.webhookSecret} to what it prints.`,
        ),
      ];
    }
    return [fail(what, `${fixIt}; by hand: dashboard → Developers → Webhooks → Add endpoint.`)];
  }
  const enabled = here.filter((one) => one.enabled);
  const [endpoint = enabled[0], ...more] = enabled.filter(({ payload }) => payload === "snapshot");
  if (!endpoint) {
    return [
      fail(
        `The webhook endpoint ${here[0]?.id} is disabled; Stripe does that after days of failures.`,
        `${fixIt}; then \`${words.reconcile}\` brings what was missed.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (more.length > 0) {
    findings.push(
      fail(
        `${more.length + 1} enabled webhook endpoints deliver to ${webhookUrl(engine, words)}, so everything comes ${more.length + 1} times.`,
        `${fixIt}: it keeps one; by hand: dashboard → Developers → Webhooks.`,
      ),
    );
  }
  return [...findings, ...faultsOf(endpoint, fixIt)].length > 0
    ? [...findings, ...faultsOf(endpoint, fixIt)]
    : [ok(`${endpoint.id} delivers ${endpoint.events.length} kinds of events, ${inWhat(endpoint)}.`)];
}

/** Without it no delivery can be told from a forged one, so each is refused. */
export async function checkSigningSecret({ settings }: Engine, words: Words): Promise<Finding[]> {
  const secrets = signingSecrets(settings);
  if (secrets.length === 0) {
    return [
      fail(
        "There is no signing secret, so every delivery of Stripe is refused.",
        `Put the endpoint's into ${words.webhookSecret}: dashboard → Developers → Webhooks → the endpoint → Signing secret.`,
      ),
    ];
  }
  return [
    ok(`Deliveries are checked with ${secrets.length === 1 ? "a secret" : `${secrets.length} secrets`}.`),
  ];
}

function signingSecrets({ stripe }: Engine["settings"]): readonly string[] {
  try {
    return stripe.webhookSecrets.filter((secret) => secret !== "");
  } catch {
    // Nothing was given.
    return [];
  }
}

function inWhat({ payload, apiVersion }: Endpoint): string {
  return payload === "thin" ? "thin: each costs a call to Stripe to be read" : `in ${apiVersion}`;
}

function faultsOf({ events, apiVersion, payload }: Endpoint, fixIt: string): Finding[] {
  const all = events.includes("*");
  const missing = all ? [] : subscribed().filter((type) => !events.includes(type));
  const superfluous = events.filter((type) => !subscribed().some((one) => one === type));
  return [
    ...(missing.length > 0
      ? [
          fail(
            `The webhook endpoint is not told of ${missing.join(", ")}.`,
            `${fixIt}; by hand: dashboard → Developers → Webhooks → the endpoint → Edit.`,
          ),
        ]
      : []),
    ...(superfluous.length > 0
      ? [
          warn(
            `The webhook endpoint is told of ${all ? "everything" : superfluous.join(", ")}, which nothing here needs.`,
            `${fixIt}.`,
          ),
        ]
      : []),
    ...(payload === "snapshot" && apiVersion !== API_VERSION
      ? [
          fail(
            `The webhook endpoint delivers in API version ${apiVersion ?? "of the account"}, not in ${API_VERSION}: every event costs a call to Stripe to be read again.`,
            `${fixIt}: an endpoint's version can't be changed, so it makes another one.`,
          ),
        ]
      : []),
  ];
}

/**
 * Makes the endpoint right. An endpoint's version is fixed when it is made, so another one is made first and the old one is
 * disabled afterwards: for a moment both deliver, and what comes twice is applied once. A new one's secret is told only here.
 */
export async function fixEndpoint(engine: Engine, words: Words, say: (done: string) => void): Promise<void> {
  if (isLoopback(engine.settings.appUrl) && engine.settings.stripe.mode !== "sandbox") return;
  const all = await endpointsHere(engine, words);
  const thin = all.filter(({ payload }) => payload === "thin");
  // Thin events are enough by themselves, and what comes in both ways is applied once.
  if (thin.some((one) => one.enabled && faultsOf(one, "").length === 0) && thin.length === all.length) return;
  const here = all.filter(({ payload }) => payload === "snapshot");
  const keep = here.find(({ apiVersion }) => apiVersion === API_VERSION);
  if (keep) {
    const said = subscribed().length === keep.events.length && faultsOf(keep, "").length === 0;
    if (!said || !keep.enabled) {
      await updateEndpoint(engine.stripe, keep.id, { events: subscribed(), enabled: true });
      say(
        `${keep.id} is enabled and told of exactly the ${subscribed().length} kinds of events that are routed.`,
      );
    }
  } else {
    const made = await createEndpoint(engine.stripe, webhookUrl(engine, words), subscribed());
    say(
      `Made the webhook endpoint ${made.id} for ${webhookUrl(engine, words)}. Its signing secret is shown only this once:`,
    );
    say(`    ${made.secret}`);
    say(
      here.length > 0
        ? `Put it into ${words.webhookSecret} beside the old one (separated by a comma) and restart; later remove the old one.`
        : `Put it into ${words.webhookSecret} and restart.`,
    );
  }
  for (const { id, enabled } of here) {
    if (id === keep?.id || !enabled) continue;
    await updateEndpoint(engine.stripe, id, { enabled: false });
    say(`${id} is disabled; delete it in the dashboard once nothing is left to be delivered by it.`);
  }
}

/** An endpoint that names no version has the account's, which Stripe shows nowhere; the sandbox's accounts all have this one. */
async function endpointsHere(engine: Engine, words: Words): Promise<Endpoint[]> {
  const ofAccount = engine.settings.stripe.mode === "sandbox" ? API_VERSION : null;
  const all = await listEndpoints(engine.stripe);
  return all
    .filter(({ url }) => sameUrl(url, webhookUrl(engine, words)))
    .map((endpoint) => ({ ...endpoint, apiVersion: endpoint.apiVersion ?? ofAccount }));
}

/** On one's own machine an endpoint may name it differently. */
function sameUrl(one: string, other: string): boolean {
  if (one.replace(/\/$/, "") === other) return true;
  if (!isLoopback(one) || !isLoopback(other)) return false;
  const [a, b] = [new URL(one), new URL(other)];
  return a.port === b.port && a.pathname === b.pathname;
}

function webhookUrl(engine: Engine, { api }: Words): string {
  return engine.settings.appUrl + api + PATH;
}
