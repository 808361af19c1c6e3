/** Sends what stands in a form of the page, and shows what is answered. The key stays in this page: it is kept nowhere. */
const key = document.querySelector("#key");
const search = document.querySelector("#search");

for (const form of document.querySelectorAll("form[data-method]")) {
  form.querySelector("fieldset").disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
}
search.addEventListener("input", filter);
addEventListener("hashchange", openNamed);
openNamed();

async function send(form) {
  const output = form.querySelector("output");
  const button = form.querySelector("button");
  button.disabled = true;
  output.replaceChildren("…");
  try {
    const response = await fetch(addressOf(form), {
      method: form.dataset.method,
      headers: headersOf(form),
      body: form.elements.body?.value || undefined,
    });
    show(output, response.ok, `${response.status} ${response.statusText}`, await textOf(response));
  } catch (error) {
    show(output, false, "No answer", String(error));
  } finally {
    button.disabled = false;
  }
}

function addressOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in]")) {
    const { value } = field;
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    if (field.dataset.in === "query" && value !== "") query.set(field.name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

function headersOf(form) {
  const headers = new Headers();
  if (form.elements.body) headers.set("content-type", "application/json");
  if (key.value !== "") headers.set("authorization", `Bearer ${key.value.trim()}`);
  for (const { name, value } of form.querySelectorAll('[data-in="header"]')) {
    if (value !== "") headers.set(name, value);
  }
  return headers;
}

async function textOf(response) {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("json")) return text;
  return JSON.stringify(JSON.parse(text), null, 2);
}

function show(output, ok, status, text) {
  const line = document.createElement("strong");
  line.className = ok ? "well" : "failed";
  line.textContent = status;
  const body = document.createElement("pre");
  body.tabIndex = 0;
  body.textContent = text;
  output.replaceChildren(line, body);
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const section of document.querySelectorAll("main section[data-group]")) {
    const all = [...section.querySelectorAll("details.operation")];
    for (const one of all) {
      const text = one.querySelector("summary").textContent.toLowerCase();
      one.hidden = !words.every((word) => text.includes(word));
    }
    section.hidden = all.every((one) => one.hidden);
  }
}

function openNamed() {
  const named =
    location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
}
