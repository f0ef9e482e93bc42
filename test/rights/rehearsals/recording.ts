/** What a rehearsal called, by the role that would make the calls in an account. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../../../environments/index";
import { traitsOf } from "../../../stacks/catalogue";
import type { Request } from "../policy";
import { Account, readCalls, type Call } from "./calls";
import { requestsOf } from "./requests";
import type { RoleKind } from "./unused";

export const PLANS = "Second plan is empty";

export interface Recording {
  readonly account: Account;
  /** Those of stacks, of all steps. */
  readonly asked: readonly Call[];
  /** Deploys, changes and destroys for the deploy role, which plans them too; plans for the plan role. */
  readonly calls: Readonly<Record<RoleKind, readonly Call[]>>;
  readonly requests: (calls: readonly Call[]) => readonly (readonly [Request, Call])[];
}

/** @param folder with what `npm run rehearse -- <environment> --calls <folder>/<environment>.jsonl` wrote */
export function readRecording(folder: string, name: string): Recording {
  const environment = loadEnvironment(name);
  const calls = readCalls(readFileSync(join(folder, `${name}.jsonl`), "utf8"));
  const account = new Account(calls);
  const asked = calls.filter(({ stack }) => stack !== null);
  return {
    account,
    asked,
    // What an administrator deploys is planned like the others.
    calls: {
      deploy: asked.filter(({ stack }) => traitsOf(stack!).deployedBy === "pipeline"),
      plan: asked.filter(({ phase }) => phase === PLANS),
    },
    requests: (of) => of.flatMap((call) => requestsOf(call, account, environment).map((request) => [request, call] as const)),
  };
}
