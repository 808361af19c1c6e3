import type { ReactNode } from "react";
import classes from "#/ui/account/Card.module.css";
import { type AccessState, StatePill } from "#/ui/receipt/StatePill.tsx";

type CardProps = {
  title: string;
  state: AccessState;
  /** Why it is not simply active, in words. */
  why?: string | undefined;
  testId: string;
  children?: ReactNode;
};

/** One thing that was bought, with how it stands. */
export function Card({ title, state, why, testId, children }: CardProps) {
  return (
    <article className={classes.card} data-testid={testId} data-state={state}>
      <div className={classes.head}>
        <h3 className={classes.title}>{title}</h3>
        <StatePill state={state} />
      </div>
      {why && (
        <p className={classes.why} data-testid="why">
          {why}
        </p>
      )}
      {children}
    </article>
  );
}
