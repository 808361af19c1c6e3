import { posix } from "node:path";
import { apiCalls, modesOf, parameter } from "../stripe/api.ts";
import { effectsIn } from "../stripe/effects.ts";
import type { Branch } from "../stripe/events.ts";
import type { Webhook } from "../stripe/webhooks.ts";
import type { Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { keyText, literalText, nodesBelow } from "../syntax/walk.ts";
import { PAID } from "./granted-twice.ts";
import { type Fault, fault, type Rule, type Subject } from "./rule.ts";

type Sales = { payment: boolean; subscription: boolean; delayed: boolean; endsByItself: boolean };
/** Access that is stored with its end goes without an event. */
const STORED_END =
  /(?:period_?end|expires_?(?:at|on)|expiry|valid_?until|active_?until|access_?until|paid_?until|expiration(?:_?date)?)$/i;
type Texts = Pick<Rule, "id" | "title" | "why" | "fix">;

export const refundsUnhandled = unhandled(
  {
    id: "refunds-unhandled",
    title: "Nothing happens when a payment is refunded.",
    why: "The money goes back and the access stays: a refund in the dashboard is a free product.",
    fix: "Handle charge.refunded (it carries the whole amount refunded so far) and end what a full refund ends.",
  },
  /^(?:charge\.refunded|refund\.(?:created|updated|\*)|charge\.(?:refund)?\*|charge\.refund\.updated|credit_note\.created)$/,
  (sales) => sales.payment,
);

export const disputesUnhandled = unhandled(
  {
    id: "disputes-unhandled",
    title: "Nothing happens when a payment is disputed.",
    why: "The bank takes the money back, with a fee, and the access stays.",
    fix: "Handle charge.dispute.created (suspend) and charge.dispute.closed (end when lost, restore when won).",
  },
  /^charge\.(?:dispute(?:\.|\*)|\*)/,
  (sales) => sales.payment,
);

export const cancellationsUnhandled = unhandled(
  {
    id: "cancellations-unhandled",
    title: "Nothing happens when a subscription ends.",
    why: "Stripe ends subscriptions by itself after failed payments and at the end of a canceled period; without this event the plan stays active for ever.",
    fix: "Handle customer.subscription.deleted and end the plan there.",
  },
  /^customer\.subscription\.(?:deleted|\*)$/,
  (sales) => sales.subscription && !sales.endsByItself,
);

export const delayedPaymentsUnhandled = unhandled(
  {
    id: "delayed-payments-unhandled",
    title: "Payments that arrive later are not handled.",
    why: "With bank debits, transfers and vouchers checkout.session.completed comes unpaid. Who pays so is charged days later and never gets access, or got it without paying.",
    fix: "Handle checkout.session.async_payment_succeeded like a paid completion, and checkout.session.async_payment_failed.",
  },
  /^checkout\.session\.(?:async_payment_succeeded|async_payment_\*|\*)$/,
  (sales, branches) => sales.delayed && branches.some(({ type }) => type === "checkout.session.completed"),
);

function unhandled(
  texts: Texts,
  handles: RegExp,
  matters: (sales: Sales, branches: readonly Branch[]) => boolean,
): Rule {
  return {
    ...texts,
    level: "warning",
    check(subject) {
      return subject.webhooks.flatMap((webhook): Fault[] => {
        const starts = webhook.branches.filter((branch) => startsAccess(subject, branch));
        const paid = starts.find(({ type }) => type === "checkout.session.completed") ?? starts[0];
        if (!paid || isHandledBeside(subject, webhook, handles)) return [];
        if (!matters(salesOf(subject, webhook), webhook.branches)) return [];
        return [fault(paid.module, paid.at, `${paid.type} is handled, ${missing(texts.id)} are not.`)];
      });
    },
  };
}

function missing(id: string): string {
  return id.replace("-unhandled", "").replace("-", " ");
}

/** A payment that changes something here; one that is only logged starts nothing that would have to end. */
function startsAccess({ project }: Subject, { type, module, body }: Branch): boolean {
  if (!PAID.has(type) && type !== "customer.subscription.created") return false;
  return reachedFrom(project, module, body).some((code) =>
    effectsIn(project, code.module, code.node).some(({ kind }) => kind === "write"),
  );
}

/** In this handler, or in another one of the same package: some shops have an endpoint for each kind of event. */
function isHandledBeside({ project, webhooks }: Subject, webhook: Webhook, handles: RegExp): boolean {
  const beside = packageOf(webhook.module.path);
  const branches = webhooks
    .filter(({ module }) => packageOf(module.path) === beside)
    .flatMap((other) => other.branches);
  if (branches.some(({ type }) => handles.test(type))) return true;
  const reached = new Set(webhook.reached.map(({ module }) => module));
  return project.modules.some(
    (module) =>
      reached.has(module) &&
      module.nodes.some((node) => {
        const text = node.type === "StringLiteral" ? node.value : undefined;
        return text !== undefined && handles.test(text) && module !== webhook.module;
      }),
  );
}

function packageOf(path: string): string {
  const inside = /^(?:.*\/)?(?:apps|packages|services|examples|templates)\/[^/]+/.exec(path);
  return inside?.[0] ?? posix.join(".");
}

/** What this package sells, from the sessions it creates; from the events it handles where those can't be seen. */
function salesOf({ project }: Subject, webhook: Webhook): Sales {
  const beside = packageOf(webhook.module.path);
  const calls = apiCalls(project, "checkout.sessions.create").filter(
    ({ module }) => packageOf(module.path) === beside,
  );
  const modes = calls.flatMap((call) => modesOf(project, call));
  const types = webhook.branches.map(({ type }) => type);
  const plans = types.some((type) => /^(?:customer\.subscription|invoice)\./.test(type));
  const cardsOnly =
    calls.length > 0 &&
    calls.every(({ module, node }) =>
      parameter(project, module, node.arguments[0], "payment_method_types").values.some(
        ({ node: list }) =>
          list.type === "ArrayExpression" &&
          list.elements.every((element) => literalText(element) === "card"),
      ),
    );
  const payment = modes.length > 0 ? modes.includes("payment") : !plans;
  return {
    payment,
    subscription: modes.includes("subscription") || (modes.length === 0 && plans),
    delayed: payment && !cardsOnly,
    endsByItself: storesEnd(project, webhook),
  };
}

function storesEnd(project: Project, { reached }: Webhook): boolean {
  return reached.some(({ module, node }) =>
    effectsIn(project, module, node).some(
      ({ kind, node: write }) =>
        kind === "write" &&
        nodesBelow(write).some(
          (part) => part.type === "ObjectProperty" && STORED_END.test(keyText(part.key, part.computed) ?? ""),
        ),
    ),
  );
}
