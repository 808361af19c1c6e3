import type { ComponentProps } from "react";
import classes from "#/ui/admin/OrderSearch.module.css";

type Named = { label: string; name: string; wide?: boolean };

/** A line to type what is looked for; `wide` takes the whole width of a phone. */
export function SearchText({ label, wide = false, ...input }: Named & ComponentProps<"input">) {
  return (
    <label className={fieldOf(wide)}>
      {label}
      <input autoComplete="off" {...input} className={classes.input} />
    </label>
  );
}

type SearchChoiceProps = Named & {
  chosen: string | undefined;
  /** What it is called where nothing is chosen. */
  any: string;
  /** `lang` where a name is in another language than the page. */
  options: readonly { value: string; text: string; lang?: string }[];
};

/** One of some, or any. */
export function SearchChoice({ label, name, wide = false, chosen, any, options }: SearchChoiceProps) {
  return (
    <label className={fieldOf(wide)}>
      {label}
      <select name={name} defaultValue={chosen ?? ""} className={classes.input}>
        <option value="">{any}</option>
        {options.map(({ value, text, lang }) => (
          <option key={value} value={value} lang={lang}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function fieldOf(wide: boolean): string {
  return wide ? `${classes.field} ${classes.wide}` : (classes.field ?? "");
}
