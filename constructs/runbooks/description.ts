/** What a runbook is, in words of our own: the document that Systems Manager runs, the rights of its role and its page are all made of this. */
import type { Owner } from "../../functions/alerts/alarm-facts";
import type { PolicyStatement } from "../identity/policy";

/** A right that a step needs. */
export type Right = Pick<PolicyStatement, "actions" | "resources" | "conditions">;

/** What somebody gives when he starts it; Systems Manager refuses anything else. */
export interface Parameter {
  readonly description: string;
  /** Of the whole value: begins with `^`, ends with `$`. */
  readonly allowedPattern?: string;
  readonly allowedValues?: readonly string[];
  /** @default none: it must be given */
  readonly default?: string;
  /** On the page's command line. */
  readonly example: string;
}

/** What a later step, or whoever looks, reads of an API's answer. */
export interface Output {
  /** A plain path of JSONPath: `$.Reservations[0].Instances[0].State.Name`. */
  readonly selector: string;
  /** @default "String" */
  readonly type?: "String" | "StringList" | "Integer" | "Boolean" | "StringMap" | "MapList";
}

interface Common {
  /** 3 to 128 letters and digits. */
  readonly name: string;
  /** On the page: what it does, and why. */
  readonly why: string;
  /** @default the step below it */
  readonly next?: string;
  /** @default false */
  readonly end?: boolean;
  /** @default the runbook has failed, and ends */
  readonly onFailure?: { readonly goTo: string };
  /** @default the action's own, an hour for most */
  readonly timeoutSeconds?: number;
}

/** A call of an API by its own names, as botocore has them. */
interface ApiCall {
  /** Such as `ec2`: botocore's name of the service. */
  readonly service: string;
  /** Such as `DescribeInstances`. */
  readonly api: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What it may be called on: ARNs; `*` for an action without resource level (design 8). */
  readonly on: readonly string[];
  readonly conditions?: Right["conditions"];
  /** What AWS asks for beside the action of that name. */
  readonly also?: readonly Right[];
}

interface Property {
  readonly property: string;
  readonly isOneOf: readonly string[];
}

interface Outputs {
  readonly outputs?: Readonly<Record<string, Output>>;
}

export type Step = Common &
  (
    | ({ readonly does: "call" } & ApiCall & Outputs)
    | ({ readonly does: "assert" } & ApiCall & Property)
    | ({ readonly does: "wait" } & ApiCall & Property)
    | {
        readonly does: "branch";
        /** A reference without braces: `host.State`. */
        readonly on: string;
        /** Value → step. */
        readonly when: Readonly<Record<string, string>>;
        readonly otherwise: string;
      }
    | {
        readonly does: "command";
        readonly document: { readonly name: string; readonly arn: string };
        readonly instanceId: string;
        /** The machines that it may be sent to, and the tag that they must have. */
        readonly machines: Right;
      }
    | { readonly does: "approve"; readonly message: string; readonly approver: string }
    | ({
        readonly does: "script";
        /** Python with a function `handler(events, context)`. */
        readonly script: string;
        readonly input: Readonly<Record<string, string>>;
        readonly rights: readonly Right[];
      } & Outputs)
    /** @see Duration of ISO 8601: `PT2M` */
    | { readonly does: "sleep"; readonly duration: string }
  );

/** How bad is what it is for: when somebody reacts (D0), until when it is over (D1); OPS-008 to OPS-011, C-49. */
export const TIERS = {
  1: { name: "Tier 1, critical", reaction: "at once", recovered: "within 1 hour" },
  2: { name: "Tier 2, important", reaction: "within 1 hour", recovered: "within 4 hours" },
} as const;

interface About {
  /** Of document, page and role: kebab-case. */
  readonly name: string;
  readonly title: string;
  /** What it is for, and what one must know before: Markdown. */
  readonly purpose: string;
  readonly tier: keyof typeof TIERS;
  readonly owner: Owner;
}

/** Goes from step to step in AWS: a document of type Automation, schema 0.3. */
export interface AutomationRunbook extends About {
  readonly kind: "automation";
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
  /** What people do afterwards, which no document can: Markdown. @default nothing */
  readonly then?: string;
}

/** Runs a script on machines: a document of type Command, schema 2.2. It takes no parameters, so that nobody can say anything to a shell. */
export interface CommandRunbook extends About {
  readonly kind: "command";
  readonly platform: "Windows" | "Linux";
  /** A file under `hosts/`. */
  readonly script: string;
  /** What it shows, in its order. */
  readonly shows: readonly string[];
  readonly timeoutSeconds: number;
}

/** What people do, step by step: a page, and no document. */
export interface ManualRunbook extends About {
  readonly kind: "manual";
  readonly steps: readonly ManualStep[];
}

export interface ManualStep {
  /** A heading. */
  readonly title: string;
  /** How, and what must be seen before one goes on: Markdown. */
  readonly text: string;
  /** Lines of a shell, in their order. @default none */
  readonly commands?: readonly string[];
}

/** Those of which Systems Manager has a document. */
export type RunnableRunbook = AutomationRunbook | CommandRunbook;
export type RunbookDescription = RunnableRunbook | ManualRunbook;
