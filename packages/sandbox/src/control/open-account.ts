import { endpointFor } from "../endpoint-for.ts";
import { apiRule, deliveryRule } from "../faults/rule-schemas.ts";
import type { World } from "../world.ts";
import type { Account, Webhook } from "./account.ts";

/** Longest wait for deliveries: beyond an endpoint's own 30 seconds there is nothing to wait for. */
const IDLE_LIMIT_MS = 40_000;

export function accountOf(world: World, webhook?: Webhook): Account {
  const webhookSecret = webhook && endpointFor(world, webhook);
  const { account: id } = world;
  const strike = (fault: Parameters<World["faults"]["add"]>[0]) => {
    const added = world.faults.add(fault);
    return () => void world.faults.remove(added.id);
  };
  return {
    id,
    publishableKey: `pk_test_${id}`,
    secretKey: `sk_test_${id}`,
    webhookSecret,
    now: () => world.clock.now(),
    advance: (seconds) => world.advance(seconds),
    idle: () => world.courier.idle(IDLE_LIMIT_MS),
    snapshot: (name = "default") => world.snapshot(name),
    restore: (name = "default") => {
      if (!world.restore(name)) throw new Error(`There is no snapshot '${name}'.`);
    },
    reset: () => world.reset(),
    failRequests: (rule) => strike({ on: "api", rule: apiRule.parse(rule) }),
    failDeliveries: (rule) => strike({ on: "delivery", rule: deliveryRule.parse(rule) }),
  };
}
