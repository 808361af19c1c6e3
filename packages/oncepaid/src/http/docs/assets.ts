/** Made of pages/* by scripts/pages.ts. */
export const STYLES = `:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfaf7, #14161a);
  --card: light-dark(#ffffff, #1c1f25);
  --ink: light-dark(#1b1d22, #e9e7e1);
  --muted: light-dark(#5a5f6a, #a3a8b3);
  --line: light-dark(#e2dfd7, #333842);
  --code: light-dark(#f3f1ea, #23272f);
  --accent: light-dark(#1d5b45, #7fd0ae);
  --get: light-dark(#1d5b45, #7fd0ae);
  --post: light-dark(#7a4a00, #efbd6c);
  --patch: light-dark(#4a3f9e, #b7aefb);
  --delete: light-dark(#a3262a, #ff9c97);
}
* {
  box-sizing: border-box;
}
html {
  scroll-padding-top: 1rem;
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font:
    16px / 1.55 system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "Noto Sans",
    Ubuntu,
    sans-serif;
}
code,
pre,
textarea,
input {
  font:
    0.875rem / 1.5 ui-monospace,
    "SF Mono",
    Menlo,
    Consolas,
    "Liberation Mono",
    monospace;
}
a {
  color: var(--accent);
  text-underline-offset: 3px;
}
.page {
  max-width: 76rem;
  margin: 0 auto;
  padding: 2.5rem 1.25rem 5rem;
}
@media (min-width: 60rem) {
  .page {
    display: grid;
    grid-template-columns: 13rem minmax(0, 1fr);
    column-gap: 3rem;
  }
  .page > header,
  .page > main {
    grid-column: 2;
  }
  nav {
    grid-column: 1;
    grid-row: 1 / span 2;
    position: sticky;
    top: 2.5rem;
    align-self: start;
  }
}
h1 {
  margin: 0 0 0.5rem;
  font-size: 2rem;
  line-height: 1.2;
  letter-spacing: -0.02em;
}
h2 {
  margin: 3rem 0 0.75rem;
  font-size: 1.25rem;
}
h2::first-letter {
  text-transform: uppercase;
}
h3 {
  margin: 1.5rem 0 0.5rem;
  font-size: 0.9375rem;
}
.lead {
  max-width: 46rem;
  color: var(--muted);
}
nav ul {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem;
  margin: 1.5rem 0 0 -0.625rem;
  padding: 0;
  list-style: none;
}
nav a {
  display: block;
  padding: 0.1875rem 0.625rem;
  border-radius: 0.5rem;
  color: var(--muted);
  font-size: 0.9375rem;
  text-decoration: none;
}
nav a::first-letter {
  text-transform: uppercase;
}
nav a:hover {
  background: var(--code);
  color: var(--ink);
}
@media (min-width: 60rem) {
  nav ul {
    display: block;
    margin: 0;
  }
}
#tools {
  display: none;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
  gap: 1rem;
  margin-top: 1.5rem;
}
@media (scripting: enabled) {
  #tools {
    display: grid;
  }
}
label {
  display: block;
  color: var(--muted);
  font-size: 0.875rem;
}
label b {
  color: var(--ink);
}
input,
textarea {
  display: block;
  width: 100%;
  margin-top: 0.25rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
  color: var(--ink);
}
textarea {
  min-height: 9rem;
  resize: vertical;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
.operation {
  margin: 0 0 0.5rem;
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  background: var(--card);
}
.operation > summary {
  display: grid;
  grid-template-columns: 4rem minmax(0, 1fr);
  gap: 0 0.75rem;
  padding: 0.75rem 1rem;
  cursor: pointer;
  list-style: none;
}
.operation > summary::-webkit-details-marker {
  display: none;
}
.operation > summary code {
  overflow-wrap: anywhere;
}
.operation > summary span:last-child {
  grid-column: 2;
  color: var(--muted);
  font-size: 0.9375rem;
}
.operation > div {
  padding: 0.25rem 1rem 1.25rem;
  border-top: 1px solid var(--line);
}
.method {
  align-self: center;
  font:
    600 0.75rem / 1.5 ui-monospace,
    "SF Mono",
    Menlo,
    Consolas,
    "Liberation Mono",
    monospace;
}
.GET {
  color: var(--get);
}
.POST {
  color: var(--post);
}
.PATCH {
  color: var(--patch);
}
.DELETE {
  color: var(--delete);
}
.fields {
  margin: 0;
  padding: 0;
  list-style: none;
}
.fields .fields {
  margin-left: 0.25rem;
  padding-left: 0.875rem;
  border-left: 1px solid var(--line);
}
.fields li {
  padding: 0.25rem 0;
}
.fields small,
.muted {
  color: var(--muted);
  font-size: 0.875rem;
}
.fields em {
  color: var(--post);
  font-size: 0.8125rem;
  font-style: normal;
}
.answers > summary {
  padding: 0.375rem 0;
  cursor: pointer;
}
fieldset {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  min-width: 0;
  gap: 0.875rem;
  margin: 1rem 0 0;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.75rem;
}
legend {
  padding: 0 0.375rem;
  font-weight: 600;
  font-size: 0.9375rem;
}
.notice {
  max-width: 46rem;
  padding: 0.625rem 1rem;
  border-left: 3px solid var(--post);
  background: var(--card);
}
button {
  justify-self: start;
  min-height: 2.5rem;
  padding: 0.375rem 1.25rem;
  border: 0;
  border-radius: 0.5rem;
  background: var(--accent);
  color: var(--ground);
  font: 600 0.9375rem / 1.5 inherit;
  cursor: pointer;
}
button:disabled {
  opacity: 0.55;
  cursor: default;
}
pre {
  max-height: 28rem;
  margin: 0.5rem 0 0;
  padding: 0.75rem 1rem;
  overflow: auto;
  border-radius: 0.5rem;
  background: var(--code);
}
output .well {
  color: var(--get);
}
output .failed {
  color: var(--delete);
}
.fails {
  display: flex;
  flex-wrap: wrap;
  gap: 0.375rem;
  margin: 0.5rem 0 0;
  padding: 0;
  list-style: none;
}
.fails li {
  padding: 0.125rem 0.5rem;
  border-radius: 0.375rem;
  background: var(--code);
  font:
    0.8125rem / 1.5 ui-monospace,
    "SF Mono",
    Menlo,
    Consolas,
    "Liberation Mono",
    monospace;
}
td:first-child {
  overflow-wrap: anywhere;
}
table {
  width: 100%;
  border-collapse: collapse;
  font-size: 0.9375rem;
}
th,
td {
  padding: 0.5rem 0.75rem 0.5rem 0;
  border-bottom: 1px solid var(--line);
  text-align: left;
  vertical-align: top;
}
`;

export const SCRIPT = `/** Sends what stands in a form of the page, and shows what is answered. The key stays in this page: it is kept nowhere. */
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
    show(output, response.ok, \`\${response.status} \${response.statusText}\`, await textOf(response));
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
    if (field.dataset.in === "path") path = path.replace(\`{\${field.name}}\`, encodeURIComponent(value));
    if (field.dataset.in === "query" && value !== "") query.set(field.name, value);
  }
  return query.size > 0 ? \`\${path}?\${query}\` : path;
}

function headersOf(form) {
  const headers = new Headers();
  if (form.elements.body) headers.set("content-type", "application/json");
  if (key.value !== "") headers.set("authorization", \`Bearer \${key.value.trim()}\`);
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
  const words = search.value.toLowerCase().split(/\\s+/);
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
`;
