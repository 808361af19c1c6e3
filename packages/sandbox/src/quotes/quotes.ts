import type { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, oneOf, paging, timestamp } from "../api/params.ts";
import { is, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { accept, cancel, checkStatus, finalize } from "./life.ts";
import { createParams, updateParams } from "./params.ts";
import { changeQuote, cloneQuote, createQuote } from "./quote.ts";
import { keptOf, type Quote } from "./totals.ts";

const PATH = "/v1/quotes";

const quoteAt = (act: Act, id?: string): Quote => stored(act, "quote", id);

/** The quote, and the act at its time. */
function quoteIn(given: Act, id: string | undefined): { act: Act; quote: Quote } {
  const quote = quoteAt(given, id);
  return { act: inTimeOf(given, quote), quote };
}

/** The test clock that a new quote lives on: the one that was named, or its customer's. */
function clockFor(act: Act, given: { customer?: string | undefined; test_clock?: string | undefined }) {
  const { customer: id, test_clock: clock } = given;
  if (clock !== undefined && !act.store.find("test_helpers.test_clock", clock)) {
    throw noSuch("test clock", clock, "test_clock");
  }
  return clock ?? act.store.find("customer", id ?? "")?.test_clock ?? null;
}

/** What is cloned brings its terms along: none may be given beside it. */
function cloneOf(given: Act, id: string, params: z.output<typeof createParams>): Quote {
  const source = given.store.find("quote", id);
  if (!source) throw noSuch("quote", id, "from_quote[quote]");
  const other = namesIn(params).find((name) => name !== "expires_at" && name !== "from_quote");
  if (other) throw invalid(`You cannot pass \`${other}\` with \`from_quote\`.`, other);
  return cloneQuote(inTimeOf(given, source), source, params.expires_at);
}

const namesIn = (params: object): string[] =>
  Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : name));

export const quotes = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: createParams,
    run(given, params) {
      if (params.from_quote) return cloneOf(given, params.from_quote.quote, params);
      const test_clock = clockFor(given, params);
      return createQuote(inTimeOf(given, { test_clock }), params, test_clock);
    },
  }),
  listRoute({
    kind: "quote",
    path: PATH,
    by: {
      customer: is("customer"),
      customer_account: leavesNothing(),
      status: is("status", oneOf("accepted", "canceled", "draft", "open")),
      test_clock: is("test_clock"),
    },
    onTestClocksBy: ["customer", "test_clock"],
  }),
  retrieveRoute(`${PATH}/:id`, quoteAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: updateParams,
    run(given, params, { id }) {
      const { act, quote } = quoteIn(given, id);
      const onlyExtends = namesIn(params).every((name) => name === "expires_at");
      checkStatus(quote, onlyExtends ? ["draft", "open"] : ["draft"], "changed");
      return changeQuote(act, quote, params);
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/finalize`,
    params: hash({ expires_at: timestamp().optional() }),
    run(given, params, { id }) {
      const { act, quote } = quoteIn(given, id);
      return finalize(act, quote, params.expires_at);
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/accept`,
    params: hash({}),
    run(given, _, { id }) {
      const { act, quote } = quoteIn(given, id);
      return accept(act, quote);
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/cancel`,
    params: hash({}),
    run(given, _, { id }) {
      const { act, quote } = quoteIn(given, id);
      return cancel(act, quote);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id/line_items`,
    params: hash(paging),
    run(act, params, { id }) {
      const quote = quoteAt(act, id);
      return pageOf(keptOf(act.store, quote.id).whole.lines, `${PATH}/${quote.id}/line_items`, params);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id/computed_upfront_line_items`,
    params: hash(paging),
    run(act, params, { id }) {
      const quote = quoteAt(act, id);
      const url = `${PATH}/${quote.id}/computed_upfront_line_items`;
      return pageOf(keptOf(act.store, quote.id).upfront.lines, url, params);
    },
  }),
];
