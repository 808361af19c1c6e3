import { connection } from "next/server";
import { oncepaid } from "@/lib/oncepaid";
import { amountText, dateText } from "@/lib/texts";
import { CARD, FIELD, QUIET } from "../look";
import { BuyForm } from "./buy-form";

export default async function Pricing() {
  await connection();
  const [offers, slots] = await Promise.all([oncepaid.products(), oncepaid.slots.upcoming("evening")]);
  return (
    <>
      <h1 className="mt-6 text-3xl font-semibold tracking-tight">Shop</h1>
      <p className={`mt-2 ${QUIET}`}>Each brings print credits: the recipes 5, Pro 20, an evening 3.</p>
      <ul className="mt-8 grid gap-5 md:grid-cols-3">
        {offers.map(({ product, price }) => (
          <li key={product.key} className={`flex flex-col ${CARD}`}>
            <h2 className="font-semibold">{product.name}</h2>
            <p className={`mt-2 grow ${QUIET}`}>{product.description}</p>
            {price && <p className="mt-5 mb-4 text-2xl font-semibold">{amountText(price)}</p>}
            {product.kind === "booking" && slots.length === 0 ? (
              <p className={QUIET}>No dates at the moment.</p>
            ) : (
              <BuyForm productKey={product.key}>
                {product.kind === "booking" && <Dates slots={slots} />}
              </BuyForm>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

type Slot = { id: string; startsAt: string; timeZone: string; placesLeft: number };

function Dates({ slots }: { slots: Slot[] }) {
  return (
    <select name="slotId" aria-label="Date" required className={`mb-3 text-sm ${FIELD}`}>
      {slots.map((slot) => (
        <option key={slot.id} value={slot.id} disabled={slot.placesLeft === 0}>
          {dateText(slot)}
        </option>
      ))}
    </select>
  );
}
