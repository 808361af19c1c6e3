import { z } from "zod";
import { APP } from "#/caller.ts";
import { downloadsOf, giveLink } from "#/downloads/downloads.ts";
import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { portalRequest } from "#/http/billing-portal.ts";
import { openBillingPortal, type PortalRequest } from "#/plans/billing-portal.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess, explainEntitlement } from "#/purchases/explain.ts";
import { featuresOf } from "#/purchases/features.ts";
import { has } from "#/purchases/has.ts";

/** A method has no caller whose portal it could be. As everywhere in methods, what is no id of ours is one that nobody has. */
const ofCustomer = portalRequest.required({ userId: true }).extend({ entitlementId: z.string().optional() });

/** What somebody may use, why, and how they get at it. */
export function accessMethods<Key extends string>(engine: Engine) {
  return {
    /**
     * Whether a user may use a product now: one indexed query.
     *
     * @example
     * if (!(await oncepaid.has(userId, "pro"))) return upgrade();
     */
    has: (userId: string, productKey: Key) => has(engine, userId, productKey),
    /**
     * What a user has, ended ones included, the newest first.
     *
     * @example
     * const plans = (await oncepaid.entitlements(userId)).filter(({ kind, state }) => kind === "plan" && state !== "ended");
     */
    entitlements: (userId: string) => entitlementsOf(engine, userId),
    /**
     * What a user may use now, by the names that the products give it (`features`).
     *
     * @example
     * const features = await oncepaid.features(userId);
     * if (!features.includes("export")) return upgrade();
     */
    features: (userId: string) => featuresOf(engine, userId),
    /**
     * Why, or why not: the orders, refunds, disputes and seats that decide it.
     *
     * @example
     * const { access, because } = await oncepaid.explain(userId, "pro"); // "Has no access: of order …, its payment failed."
     */
    explain: (userId: string, productKey: Key) => explainAccess(engine, userId, productKey),
    /**
     * The same of one entitlement; undefined where there is none.
     *
     * @example
     * show((await oncepaid.explainEntitlement(entitlementId))?.because);
     */
    explainEntitlement: (entitlementId: string) => explainEntitlement(engine, entitlementId),
    /**
     * A link to a file that works for five minutes, and counts; the file's key where there are several.
     *
     * @example
     * const link = await oncepaid.download(entitlementId, "guide");
     * if (link.ok) redirect(link.url);
     */
    download: async (entitlementId: string, file?: string) => {
      const given = await giveLink(engine, entitlementId, file, APP);
      const { appUrl, basePath } = engine.settings;
      return given.ok ? { ok: true as const, url: `${appUrl}${basePath}/files/${given.token}` } : given;
    },
    /**
     * The files of one entitlement, with how often each may still be downloaded.
     *
     * @example
     * for (const { name, used, limit } of await oncepaid.downloads(entitlement)) show(`${name}: ${used} of ${limit}`);
     */
    downloads: (entitlement: { id: string; productKey: string; quantity: number }) =>
      downloadsOf(engine, entitlement),
    /**
     * Stripe's page on which a customer changes cards, seats and the end of a subscription; with `flow` the one of them.
     *
     * @example
     * const portal = await oncepaid.portal({ userId, returnUrl: `${origin}/settings`, flow: "payment_method_update" });
     * if (portal.ok) redirect(portal.url);
     */
    portal: (request: PortalRequest) => asked(ofCustomer, request, (body) => openBillingPortal(engine, body)),
  };
}
