import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import { createSession } from "../checkout/create.ts";
import { messagePage, notFoundPage } from "../hosted-page/closed.ts";
import { languageFor } from "../hosted-page/copy.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { blockedBrands, countOf, keptOf, modeOf, type PaymentLink } from "./link.ts";

const ACCENT = "#0074d4";

/** The pages of links: each visit is a Checkout Session of its own. */
export function paymentLinkPages(world: World): Hono {
  const app = new Hono();
  const at = (context: Context) => {
    const id = world.store.note(`${world.origin}/b/${context.req.param("slug")}`, "link") ?? "";
    return world.store.find("payment_link", id);
  };

  app.get("/b/:slug", (context) => {
    const language = languageFor(null, context.req.header("accept-language"));
    const link = at(context);
    if (!link) return context.html(notFoundPage(language), 404);
    if (!isOpen(world, link)) {
      const text = link.inactive_message ?? language.t("linkClosedText");
      const message = { done: false, title: language.t("linkClosedTitle"), text, link: null };
      return context.html(messagePage(language, ACCENT, message));
    }
    const session = world.act({}, (act) => visit(act, link, new URL(context.req.url).searchParams));
    return context.redirect(session.url ?? "/", 303);
  });

  app.get("/b/:slug/thanks", (context) => {
    const language = languageFor(null, context.req.header("accept-language"));
    const link = at(context);
    if (!link) return context.html(notFoundPage(language), 404);
    const text = link.after_completion.hosted_confirmation?.custom_message ?? language.t("linkThanksText");
    const message = { done: true, title: language.t("linkThanksTitle"), text, link: null };
    return context.html(messagePage(language, ACCENT, message));
  });

  return app;
}

function isOpen(world: World, { active, id, restrictions }: PaymentLink): boolean {
  if (!active || !restrictions) return active;
  const { limit } = restrictions.completed_sessions;
  return (countOf(world, id, limit)?.completed_sessions.count ?? 0) < limit;
}

/** The session of one visit, with what the link's address says of its buyer. */
export function visit(act: Act, link: PaymentLink, asked: URLSearchParams): Kinds["checkout.session"] {
  const { lines, sold } = keptOf(act.store, link.id);
  const mode = modeOf(lines);
  const { metadata, payment_method_options: _, payment_method_types: types, ...params } = sold;
  const brands_blocked = blockedBrands(sold);
  const email = asked.get("prefilled_email") ?? asked.get("locked_prefilled_email");
  const reference = asked.get("client_reference_id");
  const session = createSession(act, {
    ...params,
    ...(brands_blocked.length > 0 && {
      payment_method_options: { card: { restrictions: { brands_blocked } } },
    }),
    ...(types && { allowed_payment_method_types: types }),
    ...(email && { customer_email: email }),
    ...(reference && { client_reference_id: reference }),
    ...(mode === "subscription" && {
      customer_creation: undefined,
      invoice_creation: undefined,
      payment_intent_data: undefined,
    }),
    ...(mode === "payment" && { payment_method_collection: undefined, subscription_data: undefined }),
    line_items: sold.line_items.map((item, place) => {
      const { adjustable_quantity: limits, quantity } = lines[place] ?? {};
      return {
        ...item,
        adjustable_quantity: limits
          ? {
              enabled: limits.enabled,
              maximum: limits.maximum ?? undefined,
              minimum: limits.minimum ?? undefined,
            }
          : undefined,
        quantity: quantity ?? item.quantity,
      };
    }),
    metadata,
    mode,
    success_url: link.after_completion.redirect?.url ?? `${link.url}/thanks`,
  });
  return act.change(session, { payment_link: link.id });
}
