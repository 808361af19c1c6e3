import type { Context } from "hono";
import { ApiError } from "../api/errors.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import type { Configuration } from "./configuration.ts";
import { dateText, type Speech } from "./copy.ts";
import { homePage } from "./home.ts";
import { frame, type Html, notice, SHOP } from "./layout.ts";
import type { PortalSession } from "./session.ts";

/** What the first page says was just done: each is the key of its text. */
const SAID = [
  "canceled",
  "cardSaved",
  "detailsSaved",
  "invoicePaid",
  "paused",
  "renewed",
  "updated",
] as const;

type Done = "cancelScheduled" | (typeof SAID)[number];

/** Whoever looks at the portal now. */
export interface Visit {
  base: string;
  configuration: Configuration;
  context: Context;
  customer: Kinds["customer"];
  session: PortalSession;
  speech: Speech;
  world: World;
}

/** The first page, with what there is to say about what was just done. */
export function home(
  visit: Visit,
  message: { text: string; good: boolean } | null,
  status: 200 | 402 | 404 = 200,
): Response | Promise<Response> {
  const { base, configuration, customer, speech, world } = visit;
  const theirs = { field: "customer", is: "=", value: customer.id } as const;
  const subscriptions = world.store
    .list("subscription", [theirs], { limit: 100 })
    .data.filter(({ status: state }) => !["canceled", "incomplete_expired"].includes(state));
  const page = homePage(world.store, speech, {
    base,
    customer,
    features: configuration.features,
    invoices: world.store
      .list("invoice", [theirs], { limit: 24 })
      .data.filter(({ status: state }) => state !== "draft"),
    message,
    methods: world.store.list("payment_method", [theirs], { limit: 10 }).data,
    subscriptions,
  });
  return show(visit, speech.t("currentPlan"), page, status);
}

export function step(visit: Visit, title: string, page: Html, status: 200 | 400 | 402 = 200) {
  return show(visit, title, page, status);
}

/** Back to the start, or on to what the session's flow wants after its completion. */
export function finish({ base, context, session, speech }: Visit, done: Done) {
  const after = session.flow?.after_completion;
  if (after?.type === "redirect" && after.redirect) return context.redirect(after.redirect.return_url, 303);
  if (after?.type === "hosted_confirmation") {
    const text = after.hosted_confirmation?.custom_message ?? "";
    const link = session.return_url
      ? { href: session.return_url, label: speech.t("returnTo", { shop: SHOP }) }
      : null;
    return context.html(notice(speech, { good: true, link, text, title: speech.t("done") }));
  }
  return context.redirect(`${base}?done=${done}`, 303);
}

export function doneText(visit: Visit, done: string | undefined): { text: string; good: boolean } | null {
  const { t, tag } = visit.speech;
  if (done === "cancelScheduled") {
    const theirs = { field: "customer", is: "=", value: visit.customer.id } as const;
    const [ending] = visit.world.store
      .list("subscription", [theirs], { limit: 100 })
      .data.filter(({ cancel_at: at }) => at !== null);
    const date = dateText(ending?.cancel_at ?? visit.world.clock.now(), tag);
    return { good: true, text: t("cancelScheduled", { date }) };
  }
  const known = SAID.find((key) => key === done);
  return known ? { good: true, text: t(known) } : null;
}

/** A refusal of the bank, or of the state of things, is said on the first page. */
export function tried(visit: Visit, work: () => Response | Promise<Response>): Response | Promise<Response> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return home(visit, { good: false, text: refusalText(visit, error) }, 402);
  }
}

function show(
  { configuration, context, session, speech }: Visit,
  title: string,
  content: Html,
  status: 200 | 400 | 402 | 404,
) {
  const { headline } = configuration.business_profile;
  const page = frame(speech, {
    content,
    headline,
    returnUrl: session.return_url,
    title: `${title} · ${SHOP}`,
  });
  return context.html(page, status);
}

export function refusalText({ speech }: Visit, error: ApiError): string {
  const { code, decline_code: declineCode } = error.details;
  const said = { code: code ?? "", decline_code: declineCode ?? null, message: error.message };
  return speech.t("paymentFailed", { message: speech.decline(said) });
}
