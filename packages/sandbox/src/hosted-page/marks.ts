import { html } from "hono/html";

/** The small drawings of the page. They are ours, and stand in for the card networks' own marks. */
export const brandMarks = () => html`${visa()}${mastercard()}${amex()}`;

const visa = () => html`<svg data-brand="visa" viewBox="0 0 34 22" width="34" height="22">
  <rect width="34" height="22" rx="4" fill="#fff" stroke="#d8dee4" />
  <text x="17" y="15" text-anchor="middle" font-family="Arial, sans-serif" font-size="10" font-weight="900"
    font-style="italic" fill="#1a1f71">VISA</text>
</svg>`;

const mastercard = () => html`<svg data-brand="mastercard" viewBox="0 0 34 22" width="34" height="22">
  <rect width="34" height="22" rx="4" fill="#fff" stroke="#d8dee4" />
  <circle cx="14" cy="11" r="6" fill="#eb001b" />
  <circle cx="20" cy="11" r="6" fill="#f79e1b" fill-opacity=".9" />
</svg>`;

const amex = () => html`<svg data-brand="amex" viewBox="0 0 34 22" width="34" height="22">
  <rect width="34" height="22" rx="4" fill="#0f6fcf" />
  <text x="17" y="14.5" text-anchor="middle" font-family="Arial, sans-serif" font-size="8.5" font-weight="800"
    fill="#fff">AMEX</text>
</svg>`;

export const cardMark = () => html`<svg viewBox="0 0 20 16" width="20" height="16" aria-hidden="true">
  <rect x=".75" y="1.75" width="18.5" height="12.5" rx="2.5" fill="none" stroke="currentColor" stroke-width="1.5" />
  <path d="M1 6h18" stroke="currentColor" stroke-width="2.5" />
</svg>`;

export const bankMark = () => html`<svg viewBox="0 0 20 18" width="20" height="18" aria-hidden="true">
  <path d="M10 1.5 18.5 6v1.5h-17V6z M3.5 9.5v5 M8 9.5v5 M12 9.5v5 M16.5 9.5v5 M1.5 16.5h17" fill="none"
    stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round" />
</svg>`;

export const cashMark = () => html`<svg viewBox="0 0 20 16" width="20" height="16" aria-hidden="true">
  <rect x=".75" y="1.75" width="18.5" height="12.5" rx="1.5" fill="none" stroke="currentColor" stroke-width="1.5" />
  <circle cx="10" cy="8" r="2.75" fill="none" stroke="currentColor" stroke-width="1.5" />
</svg>`;

export const arrow =
  () => html`<svg class="arrow" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
  <path d="M14 8H2.5M7.5 3l-5 5 5 5" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round"
    stroke-linejoin="round" />
</svg>`;

export const lock = () => html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
  <rect x="3" y="7" width="10" height="7" rx="1.5" fill="currentColor" />
  <path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" stroke-width="1.5" />
</svg>`;

export const spinner = () => html`<svg class="spin" viewBox="0 0 20 20" width="20" height="20">
  <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-opacity=".3" stroke-width="2.5" />
  <path d="M10 2a8 8 0 0 1 8 8" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
</svg>`;

export const tick = () => html`<svg viewBox="0 0 20 20" width="20" height="20">
  <path d="m4 10.5 4 4 8-9" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"
    stroke-linejoin="round" />
</svg>`;

export const bigTick = () => html`<svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
  <circle cx="24" cy="24" r="22" fill="#e6f6ec" />
  <path d="m15 24.5 6.5 6.5L34 18" fill="none" stroke="#12805c" stroke-width="3.5" stroke-linecap="round"
    stroke-linejoin="round" />
</svg>`;

export const bigClock = () => html`<svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
  <circle cx="24" cy="24" r="22" fill="#fdf3e1" />
  <path d="M24 13v11.5l7 4.5" fill="none" stroke="#9a6700" stroke-width="3.5" stroke-linecap="round"
    stroke-linejoin="round" />
</svg>`;
