import { type ComponentProps, useId } from "react";
import classes from "#/ui/look/TextField.module.css";

type TextFieldProps = Omit<ComponentProps<"input">, "size" | "className" | "id"> & {
  label: string;
  large?: boolean;
  /** For a code of digits. */
  digits?: boolean;
  /** What is wrong with it, told with the field. */
  error?: string | undefined;
};

/** A line to type in, under its label. */
export function TextField({ label, large = false, digits = false, error, ...input }: TextFieldProps) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className={large ? classes.large : undefined}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={digits ? `${classes.input} ${classes.digits}` : classes.input}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : errorId}
      />
      {error !== undefined && (
        <p id={errorId} className={classes.error}>
          {error}
        </p>
      )}
    </div>
  );
}
