import { type Context, Hono } from "hono";
import { answerChallenge, isWaiting } from "../checkout/challenge.ts";
import { recover } from "../checkout/recover.ts";
import type { World } from "../world.ts";
import { isEmbedded, pagePath, policyFor, sessionOfPage } from "./address.ts";
import { pageAssets } from "./assets.ts";
import { bankPages } from "./bank-routes.ts";
import { challengePage } from "./challenge.ts";
import { closedPage, notFoundPage } from "./closed.ts";
import { typedFrom } from "./form.ts";
import { orderRoutes } from "./order-routes.ts";
import { declined } from "./refusal.ts";
import {
  accentOf,
  acknowledged,
  changed,
  languageOf,
  leave,
  questionFor,
  refuse,
  show,
  submit,
  typedAtFirst,
  wantsJson,
} from "./visit.ts";

/** The page at a session's `url`. It works as a plain form; its script only makes it pleasant. */
export function hostedPage(world: World): Hono {
  const app = new Hono();
  app.route("/", pageAssets());

  app.use("/c/pay/:id/*", async (context, next) => {
    const session = sessionOfPage(world.store, context.req.param("id"));
    context.header("Content-Security-Policy", policyFor(world.store, session));
    // The address of an embedded page is its secret.
    context.header("Referrer-Policy", "no-referrer");
    await next();
  });

  app.get("/c/pay/:id", (context) => {
    const session = sessionOfPage(world.store, context.req.param("id"));
    const language = languageOf(context, session);
    if (!session) return context.html(notFoundPage(language), 404);
    if (session.status !== "open") return context.html(closedPage(session, language));
    return show(
      world,
      context,
      session,
      language,
      typedAtFirst(world.store, context, session),
      {},
      null,
      200,
    );
  });

  /** Where an expired session's recovery URL leads: to a new page for the same order. */
  app.get("/c/recover/:id", (context) => {
    const expired = world.store.find("checkout.session", context.req.param("id"));
    const language = languageOf(context, expired);
    const renewed = expired && world.act({}, (act) => recover(act, expired));
    if (renewed) return context.redirect(renewed.url ?? pagePath(renewed), 303);
    return expired ? context.html(closedPage(expired, language)) : context.html(notFoundPage(language), 404);
  });

  /** The order as it is now: the shop may have changed it. */
  app.get("/c/pay/:id/order", (context) => {
    const session = sessionOfPage(world.store, context.req.param("id"));
    if (!session) return context.html(notFoundPage(languageOf(context, session)), 404);
    return changed(world, context, session, {});
  });

  app.route("/", challengeRoutes(world));
  app.route("/", bankPages(world));
  app.route(
    "/",
    orderRoutes(world, (...asked) => changed(world, ...asked)),
  );

  app.post("/c/pay/:id", (context) => press(world, context));

  return app;
}

/** The button was pressed. */
async function press(world: World, context: Context): Promise<Response> {
  const session = sessionOfPage(world.store, context.req.param("id") ?? "");
  const language = languageOf(context, session);
  if (!session) return context.html(notFoundPage(language), 404);
  const typed = typedFrom(new URLSearchParams(await context.req.text()));
  const result = submit(world, session, typed, language);
  const scripted = wantsJson(context);
  if (result.kind === "paid") {
    await acknowledged(world, result.session);
    return leave(context, result.session);
  }
  if (result.kind === "challenge") {
    const url = `${pagePath(session)}/challenge`;
    return scripted ? context.json({ challenge: url }) : context.redirect(url, 303);
  }
  if (result.kind === "closed") {
    const page = pagePath(session);
    return scripted
      ? context.json({ redirect: page }, 409)
      : context.html(closedPage(result.session, language), 409);
  }
  return refuse(world, context, session, language, typed, result);
}

/** The bank's question about a session, and its buyer's answer. */
function challengeRoutes(world: World): Hono {
  const app = new Hono();

  /** The bank's question, for who pays without a script; with one it is asked on the page itself. */
  app.get("/c/pay/:id/challenge", (context) => {
    const session = sessionOfPage(world.store, context.req.param("id"));
    const language = languageOf(context, session);
    if (!session) return context.html(notFoundPage(language), 404);
    if (!isWaiting(world, session)) return context.redirect(pagePath(session), 303);
    const question = questionFor(session, language);
    if (wantsJson(context)) return context.json(question);
    return context.html(challengePage(language, accentOf(session), question, isEmbedded(session)));
  });

  app.post("/c/pay/:id/challenge", async (context) => {
    const session = sessionOfPage(world.store, context.req.param("id"));
    const language = languageOf(context, session);
    if (!session) return context.html(notFoundPage(language), 404);
    const passed = new URLSearchParams(await context.req.text()).get("outcome") === "complete";
    const outcome = isWaiting(world, session)
      ? world.act({}, (act) => answerChallenge(act, session, passed))
      : null;
    if (outcome?.result === "declined") {
      return refuse(
        world,
        context,
        session,
        language,
        typedAtFirst(world.store, context, session),
        declined(outcome, language),
      );
    }
    if (outcome?.result === "paid") {
      await acknowledged(world, outcome.session);
      return leave(context, outcome.session);
    }
    const url = pagePath(session);
    return wantsJson(context) ? context.json({ redirect: url }) : context.redirect(url, 303);
  });

  return app;
}
