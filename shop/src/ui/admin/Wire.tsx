import classes from "#/ui/admin/Wire.module.css";

/** Something as programs sent it, opened by whoever wants to read it. */
export function Wire({ title, text }: { title: string; text: string }) {
  return (
    <details className={classes.wire}>
      <summary className={classes.summary}>{title}</summary>
      <pre className={classes.text} lang="en">
        {text}
      </pre>
    </details>
  );
}
