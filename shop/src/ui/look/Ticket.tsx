import type { ReactNode } from "react";
import classes from "#/ui/look/Ticket.module.css";

type TicketProps = {
  children: ReactNode;
  stub: ReactNode;
  /** On a wide screen the stub is at the right, where it stays in sight. */
  wide?: boolean;
};

/** A ticket with a stub to tear off: what it is above the perforation, what it is worth below. */
export function Ticket({ children, stub, wide = false }: TicketProps) {
  return (
    <div className={classes.ticket} data-wide={wide}>
      <div className={classes.body}>{children}</div>
      <div className={classes.stub}>
        <div className={classes.worth}>{stub}</div>
      </div>
    </div>
  );
}
