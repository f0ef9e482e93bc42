/** What every part of the page needs to know of the report. */
import type { Finding, Report, ResourceChange, StackReview } from "../../model";
import type { ClassOf } from "../order";
import type { HeldBy } from "../verdict";

export interface PageContext {
  readonly classOf: ClassOf;
  readonly heldBy: HeldBy;
  /** Of a change, drift included; refuses and excepted ones alike. */
  readonly findingsOf: (stack: StackReview, change: ResourceChange) => readonly Finding[];
  /** Anchor of what a finding is about; undefined where nothing of it changes. */
  readonly anchorOf: (subject: Pick<Finding, "stack" | "construct" | "address">) => string | undefined;
  readonly idOf: (change: ResourceChange) => string;
  /** Few enough that those which refuse stand open. */
  readonly isSmall: boolean;
}

/** Up to this many changes, those that refuse stand open from the start. */
const SMALL = 60;

/** Safe as an id and in an address: anything else is told by its code. */
export const slug = (text: string): string => text.replace(/[^A-Za-z0-9-]/g, (character) => `_${character.codePointAt(0)!.toString(16)}`);
export const stackId = (environment: string, stack: string): string => `stack-${slug(environment)}-${slug(stack)}`;

export function contextOf(report: Report, { classOf, heldBy }: Pick<PageContext, "classOf" | "heldBy">): PageContext {
  const ids = new Map<ResourceChange, string>();
  const anchors = new Map<string, string>();
  const found = new Map<string, Finding[]>();
  let total = 0;
  for (const { environment, stacks } of report.environments) {
    for (const { stack, plan, findings } of stacks) {
      for (const finding of findings) {
        const key = `${stack} ${finding.address ?? finding.construct}`;
        found.set(key, [...(found.get(key) ?? []), finding]);
      }
      total += plan.changes.length;
      [...plan.changes, ...plan.drift].forEach((change, index) => {
        const id = `change-${slug(environment)}-${slug(stack)}-${index}`;
        ids.set(change, id);
        if (index < plan.changes.length)
          for (const name of [change.address, change.construct]) if (!anchors.has(`${stack} ${name}`)) anchors.set(`${stack} ${name}`, id);
      });
    }
  }
  return {
    classOf,
    heldBy,
    findingsOf: ({ stack }, { address, construct }) => [
      ...(found.get(`${stack} ${address}`) ?? []),
      ...(construct === address ? [] : (found.get(`${stack} ${construct}`) ?? [])),
    ],
    anchorOf: ({ stack, address, construct }) => anchors.get(`${stack} ${address ?? construct}`) ?? anchors.get(`${stack} ${construct}`),
    idOf: (change) => ids.get(change)!,
    isSmall: total <= SMALL,
  };
}
