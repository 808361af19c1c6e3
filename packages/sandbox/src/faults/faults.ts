import { z } from "zod";
import { chance } from "../chance.ts";
import type { Store } from "../store.ts";
import { apiRule, deliveryRule } from "./rule-schemas.ts";
import type { ApiRule, DeliveryRule, Fault, RequestFault, SendingFault } from "./rules.ts";

const OF_SENDING = new Set<string>(["burst", "delay", "duplicate", "reorder", "twin"]);

/** What a fault of a delivery is decided by. `number` and `attempt` make the decision the same for the same seed. */
export interface Struck {
  type: string;
  endpointId: string | undefined;
  number: number;
  attempt: number;
}

const stored = z.discriminatedUnion("on", [
  z.object({ on: z.literal("api"), rule: apiRule }),
  z.object({ on: z.literal("delivery"), rule: deliveryRule }),
]);

/** The faults that are switched on. They outlast a restart; how often each has struck does not. */
export class Faults {
  readonly #store: Store;
  #faults: Fault[] = [];
  /** Requests seen by each fault of the API: which of them is struck depends on its place in the row. */
  readonly #seen = new Map<number, number>();

  constructor(store: Store) {
    this.#store = store;
    this.load();
  }

  /** Reads what is stored, at the start and after a reset. */
  load(): void {
    this.#faults = this.#store
      .rows("SELECT id, body FROM fault ORDER BY id")
      .map((row) => ({ id: Number(row.id), struck: 0, ...stored.parse(JSON.parse(String(row.body))) }));
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  add(fault: z.infer<typeof stored>): Fault {
    const id = this.#store.run("INSERT INTO fault (body) VALUES (?)", JSON.stringify(fault));
    const added = { id, struck: 0, ...fault };
    this.#faults.push(added);
    return added;
  }

  remove(id: number): boolean {
    const before = this.#faults.length;
    this.#store.run("DELETE FROM fault WHERE id = ?", id);
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    return this.#faults.length < before;
  }

  clear(): void {
    this.#store.run("DELETE FROM fault");
    this.#faults = [];
  }

  /** The first fault that strikes this request of the API. */
  ofRequest(method: string, path: string): ApiRule | undefined {
    for (const fault of this.#faults) {
      if (fault.on !== "api") continue;
      const { rule } = fault;
      if ((rule.method && rule.method !== method) || !fits(rule.path, path)) continue;
      const place = (this.#seen.get(fault.id) ?? 0) + 1;
      this.#seen.set(fault.id, place);
      if (this.#strikes(fault, place)) return rule;
    }
    return undefined;
  }

  /** The first fault that spoils this attempt's request. */
  ofAttempt(about: Struck): RequestFault | undefined {
    for (const fault of this.#faults) {
      if (
        fault.on === "delivery" &&
        isOfRequest(fault.rule) &&
        this.#strikesDelivery(fault, fault.rule, about)
      )
        return fault.rule;
    }
    return undefined;
  }

  /** Whether a fault of this name changes when, or how often, an event is sent. */
  ofSending<Name extends SendingFault>(
    name: Name,
    about: Struck,
  ): Extract<DeliveryRule, { fault: Name }> | undefined {
    for (const fault of this.#faults) {
      if (fault.on !== "delivery" || !isNamed(fault.rule, name)) continue;
      if (this.#strikesDelivery(fault, fault.rule, about)) return fault.rule;
    }
    return undefined;
  }

  /** Whether any fault of this name is on at all. */
  has(name: DeliveryRule["fault"]): boolean {
    return this.#faults.some(({ on, rule }) => on === "delivery" && rule.fault === name);
  }

  #strikesDelivery(fault: Fault, rule: DeliveryRule, about: Struck): boolean {
    if (rule.endpoint && rule.endpoint !== about.endpointId) return false;
    if (rule.types && !rule.types.some((type) => fits(type, about.type))) return false;
    return this.#strikes(fault, about.number, about.attempt);
  }

  #strikes(fault: Fault, ...about: number[]): boolean {
    const { probability = 1, seed = 0, times } = fault.rule;
    if (chance(seed, fault.rule.fault, ...about) >= probability) return false;
    fault.struck += 1;
    if (times !== undefined && fault.struck >= times) this.remove(fault.id);
    return true;
  }
}

/** `*` stands for any text. */
export function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === text) return true;
  if (!pattern.includes("*")) return false;
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function isOfRequest(rule: DeliveryRule): rule is RequestFault {
  return !OF_SENDING.has(rule.fault);
}

function isNamed<Name extends DeliveryRule["fault"]>(
  rule: DeliveryRule,
  name: Name,
): rule is Extract<DeliveryRule, { fault: Name }> {
  return rule.fault === name;
}
