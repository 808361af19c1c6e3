import { type Context, Hono } from "hono";
import { isOpenTransfer, sendRest } from "../payment-intents/bank-transfer.ts";
import { resolveIntent, resolveSetup } from "../payment-intents/resolve.ts";
import { settle } from "../payments/settle.ts";
import type { World } from "../world.ts";
import { challengePage, questionOf, transferPage, voucherPage } from "./challenge.ts";
import { messagePage } from "./closed.ts";
import { languageFor } from "./copy.ts";

const SHOP = "Sandbox shop";
const ACCENT = "#0074d4";

/** The pages that a payment made over the API leads to: its bank's question, and the voucher to pay in cash. */
export function bankPages(world: World): Hono {
  const app = new Hono();

  app.get("/c/challenge/:id", (context) => {
    const language = languageOf(context);
    const asked = askedFor(context.req.param("id"));
    if (!asked) return over(context);
    const question = questionOf(language, context.req.path, SHOP, asked.amount);
    return context.html(challengePage(language, ACCENT, question));
  });

  app.post("/c/challenge/:id", async (context) => {
    const id = context.req.param("id");
    const asked = askedFor(id);
    if (!asked) return over(context);
    const passed = new URLSearchParams(await context.req.text()).get("outcome") === "complete";
    const status = world.act({}, (act) =>
      id.startsWith("seti_") ? resolveSetup(act, id, passed).status : resolveIntent(act, id, passed).status,
    );
    const failed = status === "requires_payment_method";
    if (asked.returnUrl === null) return over(context);
    const back = new URL(asked.returnUrl);
    const name = id.startsWith("seti_") ? "setup_intent" : "payment_intent";
    back.searchParams.set(name, id);
    back.searchParams.set(`${name}_client_secret`, asked.secret ?? "");
    back.searchParams.set("redirect_status", failed ? "failed" : "succeeded");
    return context.redirect(back.href, 303);
  });

  app.route("/", payLaterPages(world));

  return app;

  function askedFor(id: string) {
    const setup = world.store.find("setup_intent", id);
    const intent = world.store.find("payment_intent", id);
    const asked = intent ?? setup;
    if (asked?.status !== "requires_action" || world.store.note(id, "session") !== undefined)
      return undefined;
    if (intent?.next_action?.type === "oxxo_display_details" || (intent && isOpenTransfer(intent)))
      return undefined;
    return {
      amount: intent ? { amount: intent.amount, currency: intent.currency } : null,
      returnUrl: asked.next_action?.redirect_to_url?.return_url ?? null,
      secret: asked.client_secret,
    };
  }
}

/** The voucher to pay in cash, and the transfer to send. */
function payLaterPages(world: World): Hono {
  const app = new Hono();

  app.get("/c/voucher/:id", (context) => {
    const intent = world.store.find("payment_intent", context.req.param("id"));
    if (intent?.next_action?.type !== "oxxo_display_details") return over(context);
    return context.html(voucherPage(languageOf(context), intent, context.req.path));
  });

  app.post("/c/voucher/:id", async (context) => {
    const { t } = languageOf(context);
    const id = context.req.param("id");
    const intent = world.store.find("payment_intent", id);
    if (intent?.next_action?.type !== "oxxo_display_details") return over(context);
    const paid = new URLSearchParams(await context.req.text()).get("outcome") === "pay";
    world.act({}, (act) => settle(act, id, paid));
    const [title, text] = paid
      ? [t("voucherPaidTitle"), t("voucherPaidText")]
      : [t("voucherLostTitle"), t("voucherLostText")];
    return context.html(messagePage(languageOf(context), ACCENT, { done: paid, title, text, link: null }));
  });

  app.get("/c/transfer/:id", (context) => {
    const intent = world.store.find("payment_intent", context.req.param("id"));
    if (!intent || !isOpenTransfer(intent)) return over(context);
    return context.html(transferPage(languageOf(context), intent, context.req.path));
  });

  app.post("/c/transfer/:id", (context) => {
    const language = languageOf(context);
    const intent = world.store.find("payment_intent", context.req.param("id"));
    if (!intent || !world.act({}, (act) => sendRest(act, intent))) return over(context);
    const [title, text] = [language.t("transferSentTitle"), language.t("transferSentText")];
    return context.html(messagePage(language, ACCENT, { done: true, title, text, link: null }));
  });

  return app;
}

const languageOf = (context: Context) => languageFor(null, context.req.header("accept-language"));

function over(context: Context) {
  const language = languageOf(context);
  const [title, text] = [language.t("challengeOverTitle"), language.t("challengeOverText")];
  return context.html(messagePage(language, ACCENT, { done: true, title, text, link: null }), 409);
}
