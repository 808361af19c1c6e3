import classes from "#/ui/account/Told.module.css";

/** What has become of an action, for eyes and ears. */
export function Told({ told }: { told: { text: string; bad: boolean } | undefined }) {
  return (
    <div role="status" data-testid="told">
      {told && (
        <p className={classes.told} data-bad={told.bad}>
          {told.text}
        </p>
      )}
    </div>
  );
}
