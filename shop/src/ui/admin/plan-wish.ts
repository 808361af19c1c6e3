/** What a plan is and can become. */
export type PlanChoices = {
  /** How many seats it has. */
  quantity: number;
  plans: readonly { productKey: string; price: string; label: string }[];
};

/** What isn't said stays as it is. */
export type PlanWish = {
  when: "now" | "period_end";
  quantity?: number;
  productKey?: string;
  price?: string;
};

/** Pure: what the form asks for. Seats that nobody changed aren't named, because the owner may have bought some meanwhile. */
export function planWish({ quantity, plans }: PlanChoices, form: FormData): PlanWish {
  const becomes = plans[Number(form.get("plan") || -1)];
  const seats = Number(form.get("seats"));
  return {
    when: form.get("when") === "now" ? "now" : "period_end",
    ...(seats !== quantity && { quantity: seats }),
    ...(becomes && { productKey: becomes.productKey, price: becomes.price }),
  };
}
