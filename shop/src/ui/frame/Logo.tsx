/** A coin's ring with a check mark in it, and the coin that closes it. */
export function Logo() {
  return (
    <svg aria-hidden="true" width="30" height="30" viewBox="0 0 32 32" fill="none">
      <path d="M17 5.2A11 11 0 1 0 26.9 15" stroke="var(--accent)" strokeWidth="3.2" strokeLinecap="round" />
      <circle cx="24.3" cy="7.7" r="3.3" fill="var(--gold)" />
      <path
        d="m11.2 16.6 3.4 3.4 6.4-6.9"
        stroke="var(--accent)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
