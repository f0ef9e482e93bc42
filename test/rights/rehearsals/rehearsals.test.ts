/**
 * Every call of rehearsals, held against the roles that would make it in an account: the deploy role's for deploys, changes and destroys, the
 * plan role's for plans. The roles are read as the same rehearsal deployed them, every reference filled in; what an action depends on
 * stands in AWS's service authorisation reference.
 *
 * REHEARSAL_CALLS names the folder with what `npm run rehearse -- <environment> --calls <folder>/<environment>.jsonl` wrote; npm test and
 * npm run check, which rehearse anyway, run this at their end.
 */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { deployRoleName, planRoleName } from "../../../constructs/identity/github-names";
import { loadEnvironment } from "../../../environments/index";
import { judge, list, matches, type Statement } from "../policy";
import { NOT_NEEDED, readReference, serviceOf, type Reference } from "../reference";
import { PLANS, readRecording } from "./recording";

jest.setTimeout(5 * 60_000);

const folder = process.env.REHEARSAL_CALLS;
const files = folder === undefined ? [] : readdirSync(folder).filter((file) => file.endsWith(".jsonl"));
if (folder === undefined) it.skip("REHEARSAL_CALLS names no folder", () => {});
else if (files.length === 0) throw new Error(`No rehearsal has left its calls in ${folder}.`);

for (const file of files)
  describe(basename(file, ".jsonl"), () => {
    const name = basename(file, ".jsonl");
    const environment = loadEnvironment(name);
    const { account, asked, calls, requests } = readRecording(folder!, name);
    const roles = { deploy: deployRoleName(name), plan: planRoleName(name) };

    /** Roles that the bootstrap of another environment makes are not in this rehearsal, nor in one of some stacks only. */
    const hasRoles = environment.bootstrap?.environments.includes(name) && asked.some(({ stack }) => stack === `${name}-bootstrap`);
    const ofRoles = hasRoles ? it : it.skip;

    it("has a deploy, a plan and a destroy", () => {
      expect(asked.map(({ phase }) => phase)).toEqual(expect.arrayContaining(["Deploy", PLANS, "Destroy"]));
      expect(calls.deploy.length).toBeGreaterThan(100);
      expect(calls.plan.length).toBeGreaterThan(50);
    });

    ofRoles.each(["deploy", "plan"] as const)("the %s role may do all that was called", (kind) => {
      const { identity, boundary } = account.rightsOf(roles[kind]);
      const refused = requests(calls[kind]).flatMap(([request, { stack, operation }]) => {
        const verdict = judge(request, identity, boundary);
        return verdict === "allowed" ? [] : [`${request.action} on ${request.resource}: ${verdict} (${stack} calls ${operation})`];
      });
      expect([...new Set(refused)].sort()).toEqual([]);
    });

    ofRoles.each(["deploy", "plan"] as const)("the %s role may do what the called actions depend on", async (kind) => {
      const { identity } = account.rightsOf(roles[kind]);
      const actions = [...new Set(requests(calls[kind]).map(([{ action }]) => action))];
      const reference: Reference = await readReference([...new Set(actions.map(serviceOf))]);
      const granted = grantedBy(identity);
      const missing = actions.flatMap((action) => {
        const known = reference[serviceOf(action)]?.[action.slice(serviceOf(action).length + 1).toLowerCase()];
        if (!known) return [`${action} is no action of AWS: is it called otherwise? (test/rights/rehearsals/actions.ts)`];
        return known.dependent
          .filter((needed) => granted.services.has(serviceOf(needed)) && !granted.may(needed) && NOT_NEEDED[needed] === undefined)
          .map((needed) => `${needed}, on which ${action} depends`);
      });
      expect([...new Set(missing)].sort()).toEqual([]);
    });
  });

function grantedBy(identity: readonly Statement[]) {
  const patterns = identity.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => list(Action));
  return { services: new Set(patterns.map(serviceOf)), may: (action: string) => patterns.some((pattern) => matches(pattern, action, "i")) };
}
