import type { ReactNode } from "react";
import classes from "#/ui/look/Ticket.module.css";

/** A ticket with a stub to tear off: what it is above the perforation, what it is worth below. */
export function Ticket({ children, stub }: { children: ReactNode; stub: ReactNode }) {
  return (
    <div className={classes.ticket}>
      <div className={classes.body}>{children}</div>
      <div className={classes.stub}>{stub}</div>
    </div>
  );
}
