import type { Act } from "../act.ts";
import type { Ids } from "../api/endpoint.ts";
import { equals } from "../api/lists.ts";
import { customerAt } from "./customers.ts";

/** For the lists under `/v1/customers/:id`. */
export const ofCustomer = (act: Act, { id }: Ids) => equals("customer", customerAt(act, id).id);
