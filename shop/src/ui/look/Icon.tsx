/** Drawn on 24 × 24 with a round 1.8 stroke. Always beside a text that says the same, so screen readers skip them. */
const PATHS = {
  book: "M12 6.5C10 5 7.2 4.6 4 4.8v13c3.2-.2 6 .2 8 1.7 2-1.5 4.8-1.9 8-1.7v-13c-3.2-.2-6 .2-8 1.7Zm0 0v13",
  seats:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M16 4.4a3.5 3.5 0 0 1 0 6.2M17.5 15c2.1.7 3.5 2.5 3.5 5",
  workshop: "M4 6.5h16v13H4zM4 11h16M8.5 3.5v5M15.5 3.5v5M9 15.3l2.1 2 3.9-4",
  check: "m5 12.8 4.6 4.4L19 7.4",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5.2l3.2 2",
  back: "M9.5 7 4.5 12l5 5M5 12h9.5a5 5 0 0 1 0 10H13",
  cross: "m7 7 10 10M17 7 7 17",
  pause: "M9 6v12M15 6v12",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-9.5V16m0-8.2v.1",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  minus: "M6 12h12",
  plus: "M6 12h12M12 6v12",
  cart: "M3 4h2.2l2.1 10.5h10.4L20 7.2H6M9 19.4v.1M16.5 19.4v.1",
  person: "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6Zm-7.5 8.6c.6-3.7 3.6-5.8 7.5-5.8s6.9 2.1 7.5 5.8",
  pin: "M12 21c4.4-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2.1 6.4 6.5 11Zm0-8.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2Z",
  file: "M6 3.5h7.5L18 8v12.5H6zM13 3.5V8.5h5",
  down: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  mail: "M3.5 5.5h17v13h-17zM4 6.5l8 6.5 8-6.5",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  sun: "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flexShrink: 0 }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
