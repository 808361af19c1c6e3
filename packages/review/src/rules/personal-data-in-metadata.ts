import type { Node } from "@babel/types";
import { apiCalls, parameter } from "../stripe/api.ts";
import { originsOf } from "../syntax/origins.ts";
import { bare, chainOf, keyText } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

const PERSONAL =
  /^(?:(?:user|customer|buyer|billing|shipping|contact|client|member|owner|guest|attendee|recipient)_?)?(?:e_?mail(?:_?address)?|phone(?:_?number)?|mobile|address(?:_?line_?\d)?|street|zip|zip_?code|postal_?code|full_?name|first_?name|last_?name|surname|date_?of_?birth|dob|birth_?date|ssn|ip_?address)$|^(?:user|customer|buyer|billing|shipping|contact|guest|attendee|recipient)_?name$/i;
/** A value that says it by itself, under whatever key. */
const PERSONAL_VALUE =
  /(?:^|\.)(?:email|emailAddress|phone|phoneNumber|firstName|lastName|fullName|first_name|last_name)$|(?:^|\.)(?:user|customer|buyer|session\.user|guest|attendee|recipient|profile)\.(?:name|address)$/i;

export const personalDataInMetadata: Rule = {
  id: "personal-data-in-metadata",
  level: "warning",
  title: "Personal data is put into metadata.",
  why: "Metadata is copied into events, logs, exports and every connected app, and stays there after the customer asked to be forgotten. Access that is matched by a copied e-mail goes to whoever has that address later.",
  fix: "Send ids only and look the person up by them; Stripe keeps e-mail and address on its own fields (`customer_email`, `customer_details`).",
  check({ project }) {
    const calls = apiCalls(
      project,
      "checkout.sessions.create",
      "paymentIntents.create",
      "subscriptions.create",
    );
    const reported = new Set<Node>();
    return calls.flatMap(({ module, node }) => {
      const places = [["metadata"], ["payment_intent_data", "metadata"], ["subscription_data", "metadata"]];
      const values = places.flatMap((path) => parameter(project, module, node.arguments[0], ...path).values);
      return values.flatMap((value) =>
        originsOf(project, value.module, value.node).flatMap((origin) => {
          if (origin.node.type !== "ObjectExpression") return [];
          return origin.node.properties.flatMap((property) => {
            if (property.type !== "ObjectProperty" || reported.has(property)) return [];
            const key = keyText(property.key, property.computed) ?? "";
            const personal = PERSONAL.test(key) || PERSONAL_VALUE.test(chainOf(unwrapped(property.value)));
            if (!personal) return [];
            reported.add(property);
            return [fault(origin.module, property, `Metadata key "${key}" carries personal data.`)];
          });
        }),
      );
    });
  },
};

/** `user.email ?? ""` is the e-mail. */
function unwrapped(node: Node): Node {
  const value = bare(node);
  if (value.type === "LogicalExpression") return unwrapped(value.left);
  return value;
}
