// What the plain form can't do: spaces in the card number, messages without a reload, a button that shows it is busy.

const form = document.querySelector(".checkout-form");
const button = form?.querySelector(".submit");
const field = (name) => form.querySelector(`[name="${name}"]`);
const digits = (text) => text.replace(/\D/g, "");

const BRANDS = [
  ["amex", /^3[47]/, [4, 6, 5]],
  ["mastercard", /^(5[1-5]|2[2-7])/, [4, 4, 4, 4]],
  ["visa", /^4/, [4, 4, 4, 4]],
];

function brandOf(number) {
  return BRANDS.find(([, pattern]) => pattern.test(number)) ?? ["", null, [4, 4, 4, 4]];
}

function groupsOf(number, sizes) {
  const groups = [];
  let rest = number;
  for (const size of sizes) {
    if (rest === "") break;
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return groups.join(" ");
}

function passesLuhn(number) {
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return number.length >= 12 && sum % 10 === 0;
}

// Puts the caret back behind the digit it was behind.
function format(input, formatted) {
  const before = digits(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
  if (input.value === formatted) return;
  const atEnd = input.selectionStart === input.value.length;
  input.value = formatted;
  let place = 0;
  for (let seen = 0; place < formatted.length && seen < before; place++)
    if (/\d/.test(formatted[place])) seen++;
  if (atEnd) place = formatted.length;
  if (document.activeElement === input) input.setSelectionRange(place, place);
}

function formatNumber() {
  const input = field("cardNumber");
  const [brand, , sizes] = brandOf(digits(input.value));
  const longest = sizes.reduce((sum, size) => sum + size, 0);
  format(input, groupsOf(digits(input.value).slice(0, longest), sizes));
  for (const mark of form.querySelectorAll("[data-brand]")) {
    mark.classList.toggle("dim", brand !== "" && mark.dataset.brand !== brand);
  }
  field("cardCvc").maxLength = brand === "amex" ? 4 : 3;
}

function formatExpiry(event) {
  const input = field("cardExpiry");
  let text = digits(input.value);
  if (text.length === 6) text = text.slice(0, 2) + text.slice(4);
  if (/^[2-9]/.test(text)) text = `0${text}`;
  text = text.slice(0, 4);
  const deleting = event?.inputType?.startsWith("delete");
  format(
    input,
    text.length > 2 || (text.length === 2 && !deleting) ? `${text.slice(0, 2)} / ${text.slice(2)}` : text,
  );
}

// What can be said before the button is pressed. Empty fields are left alone until then.
const LOCAL_CHECKS = {
  email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) || form.dataset.emailInvalid,
  cardNumber: (value) => passesLuhn(digits(value)) || form.dataset.numberInvalid,
  cardExpiry(value) {
    const [month, year] = [Number(digits(value).slice(0, 2)), Number(digits(value).slice(2))];
    if (digits(value).length !== 4 || month < 1 || month > 12) return form.dataset.expiryInvalid;
    return new Date(2000 + year, month, 1) > new Date() || form.dataset.expiryPast;
  },
  cardCvc(value) {
    const wanted = brandOf(digits(field("cardNumber").value))[0] === "amex" ? 4 : 3;
    return digits(value).length === wanted || form.dataset.cvcInvalid;
  },
};

// A message that appears between pressing and releasing moves the button away from under the pointer, and the click is lost.
let pressed = false;
document.addEventListener("pointerdown", () => {
  pressed = true;
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    pressed = false;
  });
}

function whenReleased(work) {
  if (!pressed) return work();
  document.addEventListener("pointerup", () => setTimeout(work), { once: true });
}

function setProblem(name, problem) {
  const input = field(name);
  const text = document.getElementById(`${name}-error`);
  if (!input || !text) return;
  input.setAttribute("aria-invalid", String(Boolean(problem)));
  text.textContent = problem ?? "";
  text.hidden = !problem;
}

export function setMessage(message) {
  const text = form.querySelector("[data-message]");
  text.textContent = message ?? "";
  text.hidden = !message;
  if (message) text.focus();
}

export function setState(state) {
  form.dataset.state = state;
  button.setAttribute("aria-disabled", String(state !== "ready"));
  form.setAttribute("aria-busy", String(state === "busy"));
  const words = { ready: "", busy: button.dataset.processing, paid: button.dataset.paid };
  form.querySelector("[data-status]").textContent = words[state];
}

function showProblems(problems) {
  for (const text of form.querySelectorAll(".error")) {
    const name = text.id.replace("-error", "");
    setProblem(name, problems[name]);
  }
  const first = [...form.elements].find((element) => problems[element.name]);
  first?.focus();
}

const asJson = { Accept: "application/json" };

function post(url, body) {
  return fetch(url, { method: "POST", headers: asJson, body: new URLSearchParams(body) });
}

// What the server made of it: the way on, the bank's question, or what is wrong.
async function handle(answer) {
  if (answer.complete) {
    setState("paid");
    document.dispatchEvent(new CustomEvent("checkout:complete", { detail: answer }));
    return;
  }
  if (answer.redirect) {
    setState("paid");
    location.assign(answer.redirect);
    return;
  }
  if (answer.challenge) {
    const question = await fetch(answer.challenge, { headers: asJson });
    ask(await question.json());
    return;
  }
  setState("ready");
  setMessage(answer.message);
  showProblems(answer.problems ?? {});
  // What the address adds to the price, or a discount that is gone, may be what it is about.
  if (form.dataset.tax || answer.message) await refreshOrder();
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The bank's question, over the page: whoever fails it finds everything as it was.
function ask({ action, title, text }) {
  const { bank, complete, fail, sandbox } = form.dataset;
  const button = (value, label, second) =>
    element("button", { className: second ? "submit second" : "submit", value, type: "submit" }, label);
  const heading = element("h2", { id: "challenge-title" }, title);
  const dialog = element(
    "dialog",
    { className: "challenge" },
    element(
      "form",
      { method: "dialog", className: "closed-card" },
      element("span", { className: "bank-mark" }, bank),
      heading,
      element("p", {}, text),
      button("complete", complete),
      button("fail", fail, true),
      element("span", { className: "badge" }, sandbox),
    ),
  );
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", async () => {
    dialog.remove();
    try {
      const response = await post(action, {
        outcome: dialog.returnValue === "complete" ? "complete" : "fail",
      });
      await handle(await response.json());
    } catch {
      setState("ready");
      setMessage(form.dataset.somethingwrong);
    }
  });
  document.body.append(dialog);
  if (document.body.matches(".embedded")) placeAtButton(dialog);
  dialog.showModal();
}

/**
 * The middle of a frame that is as tall as its content may be out of sight; the button that was just pressed is not. Before it is
 * opened: what is opened gets the focus, and browsers scroll the shop's page to where it stands at that moment.
 */
function placeAtButton(dialog) {
  const { bottom } = form.querySelector(".submit").getBoundingClientRect();
  dialog.style.display = "block";
  const height = dialog.offsetHeight;
  dialog.style.display = "";
  dialog.style.margin = `${Math.max(16, bottom - height)}px auto 0`;
}

async function submit(event) {
  event.preventDefault();
  if (form.dataset.state === "busy" || form.dataset.state === "paid") return;
  setState("busy");
  setMessage(null);
  try {
    // Leaving a field for the button changes the order first, and what is wrong there is not paid for as it was before.
    await orderChange;
    const wrong = document.querySelector('#customUnitAmount[aria-invalid="true"]');
    if (wrong) {
      setState("ready");
      wrong.focus();
      return;
    }
    const response = await post(form.getAttribute("action"), new FormData(form));
    await handle(await response.json());
  } catch {
    setState("ready");
    setMessage(form.dataset.somethingwrong);
  }
}

// The last change of the order that is under way.
let orderChange = Promise.resolve();

// A code, a quantity, a way to ship: the order's column comes back as it is now, and what was typed stays.
async function change(live, submitter) {
  const body = new FormData(live);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const key = focusKey(submitter ?? document.activeElement);
  const response = await post(live.getAttribute("action"), body);
  showOrder(await response.json());
  const wrong = document.querySelector('.summary [aria-invalid="true"]');
  (wrong ?? document.querySelector(key))?.focus();
}

export async function refreshOrder() {
  const response = await fetch(`${form.getAttribute("action")}/order`, { headers: asJson });
  showOrder(await response.json());
}

function showOrder(answer) {
  if (answer.redirect) {
    location.assign(answer.redirect);
    return;
  }
  const terms = form.querySelector("[data-terms]");
  if (terms) terms.textContent = answer.terms ?? "";
  const asked = form.querySelector('[name="paymentMethod"]') !== null;
  if (answer.means !== asked) {
    location.reload();
    return;
  }
  document.querySelector(".summary").innerHTML = answer.order;
  button.querySelector(".submit-text").textContent = answer.button;
}

// With automatic tax the country decides what is paid.
async function locate() {
  const response = await post(`${form.getAttribute("action")}/location`, new FormData(form));
  showOrder(await response.json());
}

// Where the focus was, in words that still mean something once the column is new.
function focusKey(target) {
  const label = target?.getAttribute?.("aria-label");
  if (label) return `.summary [aria-label="${CSS.escape(label)}"]`;
  if (target?.id === "customUnitAmount") return "#customUnitAmount";
  if (target?.type === "radio") return `.summary [value="${CSS.escape(target.value)}"]`;
  return ".summary .code-entry summary, .summary .code-applied button";
}

// A picture that can't be loaded, as without a network, makes way for the letter below it.
function withoutPicture(picture) {
  if (picture.matches?.(".picture")) picture.hidden = true;
}

if (form) {
  document.addEventListener("error", (event) => withoutPicture(event.target), true);
  // Those that failed before this script ran.
  for (const picture of document.images) {
    if (picture.complete && picture.naturalWidth === 0) withoutPicture(picture);
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-live]")) return;
    event.preventDefault();
    orderChange = change(event.target, event.submitter).catch(() => setMessage(form.dataset.somethingwrong));
  });
  document.addEventListener("change", (event) => {
    event.target.closest("[data-on-change]")?.requestSubmit();
  });
  for (const extra of form.querySelectorAll("input, select")) {
    extra.addEventListener("change", () => setProblem(extra.name, null));
  }
  if (form.dataset.tax) {
    const again = () => locate().catch(() => setMessage(form.dataset.somethingwrong));
    field("billingCountry")?.addEventListener("change", again);
    field("shippingCountry")?.addEventListener("change", again);
    if (form.dataset.tax === "requires_location_inputs") again();
  }
  setState("ready");
  form.addEventListener("submit", submit);
  field("cardNumber")?.addEventListener("input", formatNumber);
  field("cardExpiry")?.addEventListener("input", formatExpiry);
  for (const name of Object.keys(LOCAL_CHECKS)) {
    const input = field(name);
    if (!input || input.readOnly) continue;
    input.addEventListener("blur", () => {
      whenReleased(() => {
        if (input.value === "" || form.dataset.state !== "ready") return;
        const verdict = LOCAL_CHECKS[name](input.value);
        setProblem(name, verdict === true ? null : verdict);
      });
    });
    input.addEventListener("input", () => setProblem(name, null));
  }
  field("billingName")?.addEventListener("input", () => setProblem("billingName", null));
  field("bankAccount")?.addEventListener("input", () => setProblem("bankAccount", null));
  for (const fill of form.querySelectorAll("[data-card]")) {
    fill.addEventListener("click", () => {
      field("cardNumber").value = fill.dataset.card;
      field("cardExpiry").value = "12 / 34";
      field("cardCvc").value = "123";
      formatNumber();
      for (const name of ["cardNumber", "cardExpiry", "cardCvc"]) setProblem(name, null);
    });
  }
  if (field("cardNumber")) formatNumber();
  // Coming back with the browser's own button must not find a page that is busy for ever.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
