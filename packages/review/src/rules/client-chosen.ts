import type { Node } from "@babel/types";
import { type ApiCall, apiCalls } from "../stripe/api.ts";
import {
  isForKeyHolders,
  isFromClient,
  isLimitedBySchema,
  isLookedUp,
  nameOfParameter,
} from "../stripe/requests.ts";
import { enclosing, type Module, nameOfFunction } from "../syntax/module.ts";
import { type Origin, originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { isFunction, keyText } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

/** Where the buyer is meant to choose the amount. */
const FREE_AMOUNT = /donat|\btip\b|gift|pay_?what|contribut|custom_?amount|top_?up|topup/i;

const LINE = ["line_items", "*", "price_data"];
const AMOUNTS: Record<string, string[][]> = {
  "checkout.sessions.create": [
    [...LINE, "unit_amount"],
    [...LINE, "unit_amount_decimal"],
    LINE,
    ["line_items"],
  ],
  "paymentLinks.create": [
    [...LINE, "unit_amount"],
    [...LINE, "unit_amount_decimal"],
  ],
  "paymentIntents.create": [["amount"]],
  "prices.create": [["unit_amount"], ["unit_amount_decimal"]],
  "invoiceItems.create": [["amount"], ["unit_amount"]],
  "subscriptions.create": [["items", "*", "price_data", "unit_amount"]],
};

export const clientChosenAmount: Rule = {
  id: "client-chosen-amount",
  level: "error",
  title: "The browser says how much is to be paid.",
  why: "Anybody can send another number: the product is sold for one cent, and everything after that looks paid in full.",
  fix: "Take a product key from the browser and the amount from your catalog or from a Stripe price.",
  check({ project }) {
    return Object.entries(AMOUNTS).flatMap(([method, paths]) =>
      apiCalls(project, method).flatMap((call) =>
        chosen(project, call, paths, "This amount comes from the request."),
      ),
    );
  },
};

export const clientChosenPrice: Rule = {
  id: "client-chosen-price",
  level: "warning",
  title: "The browser says which price is to be paid.",
  why: "Any price id of the account works: an archived offer, an internal test price, another product's price, bought and then taken for this one.",
  fix: "Take a product key or plan name and look the price id up on the server, or check the id against the list of what is for sale.",
  check({ project }) {
    return [
      ...apiCalls(project, "checkout.sessions.create", "paymentLinks.create").flatMap((call) =>
        chosen(project, call, [["line_items", "*", "price"]], "This price id comes from the request."),
      ),
      ...apiCalls(project, "subscriptions.create").flatMap((call) =>
        chosen(project, call, [["items", "*", "price"]], "This price id comes from the request."),
      ),
    ];
  },
};

export const clientChosenDiscount: Rule = {
  id: "client-chosen-discount",
  level: "error",
  title: "The browser says which discount is given.",
  why: "Coupon ids can be guessed and are passed around: a coupon made for one customer, for support or for tests makes everything cheap, or free.",
  fix: "Let Stripe ask for a code (`allow_promotion_codes: true`), or look up on the server which discount this buyer has earned.",
  check({ project }) {
    const paths = [
      ["discounts", "*", "coupon"],
      ["discounts", "*", "promotion_code"],
      ["discounts"],
      ["coupon"],
    ];
    return apiCalls(project, "checkout.sessions.create", "subscriptions.create").flatMap((call) =>
      chosen(project, call, paths, "This discount comes from the request."),
    );
  },
};

export const clientChosenCustomer: Rule = {
  id: "client-chosen-customer",
  level: "error",
  title: "The browser says whose customer it is.",
  why: "Whoever sends another customer's id opens their billing portal, sees their invoices and cards, cancels their plan, or buys on their saved card.",
  fix: "Take the customer id from the signed-in user's own record, never from the request.",
  check({ project }) {
    const calls = apiCalls(
      project,
      "billingPortal.sessions.create",
      "checkout.sessions.create",
      "subscriptions.create",
      "paymentIntents.create",
    );
    return calls.flatMap((call) =>
      chosen(project, call, [["customer"]], "This customer id comes from the request."),
    );
  },
};

/** Metadata that says what somebody gets, not who they are. */
const TIER = [
  "tier",
  "plan",
  "planId",
  "plan_id",
  "role",
  "credits",
  "level",
  "access",
  "entitlement",
  "seats",
  "package",
];

export const clientChosenTier: Rule = {
  id: "client-chosen-tier",
  level: "error",
  title: "The browser says what is given for the money.",
  why: "The webhook gives what the metadata says: somebody pays the smallest price and sends the name of the largest plan.",
  fix: "Derive what is given from the price that was paid, or look price and plan up together by one key of your own list.",
  check({ project }) {
    const bags = [["metadata"], ["subscription_data", "metadata"], ["payment_intent_data", "metadata"]];
    const paths = bags.flatMap((bag) => TIER.map((name) => [...bag, name]));
    return apiCalls(
      project,
      "checkout.sessions.create",
      "subscriptions.create",
      "paymentIntents.create",
    ).flatMap((call) => chosen(project, call, paths, "What this says is given comes from the request."));
  },
};

function chosen(project: Project, call: ApiCall, paths: readonly string[][], message: string): Fault[] {
  const { module, node } = call;
  const [object] = node.arguments;
  const inside = enclosing(module, node);
  if (!object || FREE_AMOUNT.test(`${module.path} ${nameOfFunction(module, inside)}`)) return [];
  if (isForKeyHolders(inside)) return [];
  for (const path of paths) {
    const origins = originsOf(project, module, object, path);
    const origin = origins.find(
      (candidate) =>
        isChosen(candidate) && !isLimitedBySchema(project, candidate) && !isChecked(candidate, module, node),
    );
    if (origin) return [fault(module, placeOf(project, call, path) ?? node, message)];
  }
  return [];
}

function isChosen(origin: Origin): boolean {
  return isFromClient(origin) && !FREE_AMOUNT.test(origin.path.join("."));
}

/** Compared with, or looked up in, what the server knows, on its way here. */
function isChecked(origin: Origin, module: Module, call: Node): boolean {
  const field = origin.path.filter(
    (name) => !/^(?:\*|#\d+|\d+|body|query|params|input|data|parsedInput)$/.test(name),
  );
  const names = new Set(field.slice(-2));
  const last = field.at(-1);
  if (last === undefined && origin.node.type === "CallExpression") {
    const declared = declaredName(origin.module, origin.node);
    if (declared) names.add(declared);
  }
  if (last === undefined && isFunction(origin.node)) {
    names.add(nameOfParameter(origin.node, Number(origin.path[0]?.slice(1))));
  }
  const places = [
    { module, inside: enclosing(module, call) },
    {
      module: origin.module,
      inside: isFunction(origin.node) ? origin.node : enclosing(origin.module, origin.node),
    },
  ];
  return names.size > 0 && places.some((place) => isLookedUp(place.module, names, place.inside));
}

function declaredName(module: Module, node: Node): string | undefined {
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (at.type === "VariableDeclarator") return at.id.type === "Identifier" ? at.id.name : undefined;
    if (/Statement$/.test(at.type)) return undefined;
  }
  return undefined;
}

/** The property in the call's own text, where it is written there. */
function placeOf(project: Project, { module, node }: ApiCall, path: readonly string[]): Node | undefined {
  const name = path.filter((part) => part !== "*").at(-1);
  const fn = enclosing(module, node);
  const inside = (outer: Node, inner: Node) =>
    Number(inner.start) >= Number(outer.start) && Number(inner.end) <= Number(outer.end);
  const properties = module.nodes.filter(
    (candidate) =>
      candidate.type === "ObjectProperty" &&
      keyText(candidate.key, candidate.computed) === name &&
      inside(fn, candidate),
  );
  const own = properties.filter((candidate) => inside(node, candidate));
  return [...own, ...properties].find(
    (candidate) =>
      candidate.type === "ObjectProperty" &&
      originsOf(project, module, candidate.value).some((origin) => isFromClient(origin)),
  );
}
