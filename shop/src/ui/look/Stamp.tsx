import { BRAND } from "#/brand/brand.ts";
import classes from "#/ui/look/Stamp.module.css";

/** The shop's own postmark, with the brand's words around it. An ornament: it says nothing that isn't said in words beside it. */
export function Stamp({ className }: { className?: string | undefined }) {
  if (BRAND.stamp === undefined) return null;
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 200 200"
      fill="none"
      className={`${classes.stamp} ${className ?? ""}`}
    >
      <circle cx="100" cy="100" r="95" stroke="currentColor" strokeWidth="5" />
      <circle cx="100" cy="100" r="60" stroke="currentColor" strokeWidth="2.5" strokeDasharray="5 5" />
      <defs>
        <path id="stamp-ring" d="M100 173 A73 73 0 1 1 100.1 173" />
      </defs>
      <text fill="currentColor" className={classes.ring}>
        <textPath href="#stamp-ring" textLength="452" lengthAdjust="spacing">
          {BRAND.stamp}
        </textPath>
      </text>
      <path
        d="m71 103 20 20 39-45"
        stroke="currentColor"
        strokeWidth="13"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
