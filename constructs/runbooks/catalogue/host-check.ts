/** Is a host well? Asked by what runs there, in its own language (OPS-013). */
import type { Right, Step } from "../description";
import type { SentDocument } from "./place";

export interface HostCheck {
  /** The host's id, or the step that knows it. */
  readonly instanceId: string;
  /** The documents that ask. */
  readonly sent: { readonly windows: SentDocument; readonly linux: SentDocument };
  readonly machines: Right;
  /** What follows when it is well. @default the runbook ends */
  readonly next?: string;
}

/** From `whichChecks` on; a step `host` has said which `Platform` it is. */
export function hostCheck({ instanceId, sent, machines, next }: HostCheck): readonly Step[] {
  const on = { does: "command", machines, instanceId, ...(next === undefined ? { end: true } : { next }) } as const;
  return [
    {
      name: "whichChecks",
      does: "branch",
      why: "A Windows host is asked in PowerShell.",
      on: "host.Platform",
      when: { Windows: "checkWindows" },
      otherwise: "checkLinux",
    },
    { name: "checkWindows", why: "Tasks, log files, Streamlit UI, MT5 connection.", document: sent.windows, timeoutSeconds: 1200, ...on },
    { name: "checkLinux", why: "Units, log files, and what trading needs.", document: sent.linux, timeoutSeconds: 600, ...on },
  ];
}
