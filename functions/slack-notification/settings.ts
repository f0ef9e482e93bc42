/** What the stack tells the function: the variable SETTINGS, as JSON. */
import type { Severity } from "../alerts/alert";

/** How alerts of a severity look, and who is told of them. */
export interface Style {
  /** Of the bar beside the message: `#d32f2f`. */
  readonly colour: string;
  /** `channel`, `here`, or the id of a user or a user group. */
  readonly mention?: string;
  /** Key in the secret whose value is the address of the webhook: each posts to a channel of its own. */
  readonly channel: string;
}

export interface Settings {
  /** ARN of the secret that holds the addresses. */
  readonly webhooks: string;
  readonly styles: Readonly<Record<Severity, Style>>;
  /** Address below which the repository's files are shown, for runbooks. @default not known */
  readonly pages?: string;
}
