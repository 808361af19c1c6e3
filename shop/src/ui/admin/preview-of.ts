import type { PlanChangePreview } from "oncepaid";
import { callApi } from "#/ui/call-api.ts";

/** What a change of a plan would cost, or the code of why that can't be said. */
export async function previewOf(
  orderId: string,
  wish: object,
): Promise<{ ok: true; preview: PlanChangePreview } | { ok: false; code: string }> {
  const answer = await callApi("POST", `orders/${orderId}/preview-plan-change`, wish);
  if (!answer.ok) return answer;
  return isPreview(answer.json) ? { ok: true, preview: answer.json } : { ok: false, code: "unexpected" };
}

function isPreview(json: object): json is PlanChangePreview {
  return "currency" in json && "prorated" in json && "bill" in json && "each" in json;
}
