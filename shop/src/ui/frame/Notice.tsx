import type { ReactNode } from "react";
import classes from "#/ui/frame/Notice.module.css";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";

/** A page that has one thing to say, and ways to go on. */
export function Notice(props: { icon: IconName; title: string; children: ReactNode; actions: ReactNode }) {
  return (
    <section className={classes.notice}>
      <span className={classes.icon}>
        <Icon name={props.icon} size={28} />
      </span>
      <h1 className={classes.title}>{props.title}</h1>
      <div className={classes.text}>{props.children}</div>
      <div className={classes.actions}>{props.actions}</div>
    </section>
  );
}
