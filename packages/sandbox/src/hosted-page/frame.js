// The page inside a shop's page: it says how tall it is and when it is done, and asks the shop about an address.
import { refreshOrder, setMessage, setState } from "./checkout.js";

const form = document.querySelector(".checkout-form");
/** The shop's origin, once it has said hello; addresses go to nobody else. */
let shop = null;
let wantsShipping = false;
/** What the shop says of the address that stands in the form. */
let verdict = null;
let told = "";

const tell = (message, origin = shop ?? "*") => window.parent.postMessage(message, origin);

new ResizeObserver(() => {
  tell({ type: "resize", height: Math.ceil(document.body.getBoundingClientRect().height) });
}).observe(document.body);

window.addEventListener("message", ({ data, origin, source }) => {
  if (source !== window.parent) return;
  if (data.type === "hello") {
    shop = origin;
    wantsShipping = data.wantsShipping;
    askShop();
  }
  if (data.type === "verdict" && origin === shop) settle(data.result);
});

document.addEventListener("checkout:complete", ({ detail: { redirect } }) => {
  // Opened by itself, as from the dashboard, there is no page around it.
  if (window.parent === window && redirect) return location.assign(redirect);
  tell({ type: "complete", redirect });
  // Where nothing leads away, the frame says that it is done.
  if (!redirect) location.reload();
});

const shippingFields = () => [...(form?.querySelectorAll('[name^="shipping"]') ?? [])];

function shippingDetails() {
  const value = (part) => form.querySelector(`[name="shipping${part}"]`)?.value.trim() || null;
  return {
    name: value("Name"),
    address: {
      city: value("City"),
      country: value("Country"),
      line1: value("Line1"),
      line2: value("Line2"),
      postal_code: value("PostalCode"),
      state: value("State"),
    },
  };
}

/** Once the address is whole, and again whenever it has become another. */
function askShop() {
  const fields = shippingFields();
  if (!wantsShipping || shop === null || fields.length === 0) return;
  const whole = fields.every(
    ({ name, value }) => value.trim() !== "" || ["shippingLine2", "shippingState"].includes(name),
  );
  const details = shippingDetails();
  if (!whole || told === JSON.stringify(details)) return;
  told = JSON.stringify(details);
  setState("busy");
  const checkoutSessionId = form.dataset.session;
  tell({ type: "shipping", event: { checkoutSessionId, shippingDetails: details } });
}

async function settle(result) {
  verdict = result;
  setState("ready");
  setMessage(result.type === "accept" ? null : refusalOf(result));
  if (result.type === "accept") await refreshOrder();
}

const refusalOf = ({ errorMessage }) => errorMessage ?? form.dataset.somethingwrong;

for (const field of shippingFields()) field.addEventListener("change", askShop);
form?.addEventListener(
  "submit",
  (event) => {
    if (verdict?.type !== "reject") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setMessage(refusalOf(verdict));
  },
  { capture: true },
);
