/** What happens to the web application when its tier changes: docs/tiers.md, written by `npm run docs` (RMP-017). */
import { cacheDefaults } from "../../environments/common";
import type { Environment, Web } from "../../environments/schema";
import { constructsOf, comparePlan } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import type { Action, ResourceChange } from "../../review/model";
import type { StackJson } from "../../terraform/assembly";
import { changedStacks } from "../shared/changed-stacks";
import { markdownTable } from "./markdown";

export const TIERS_PAGE = "docs/tiers.md";

type Tier = Web["tier"];
const TIERS: readonly Tier[] = ["personal", "free", "standard"];
/** What a reader looks for first comes first. */
const ACTIONS: readonly Action[] = ["destroy", "replace", "update", "create"];
const WORDS: Readonly<Partial<Record<Action, string>>> = {
  destroy: "goes",
  replace: "is replaced",
  update: "is changed",
  create: "is made",
};
/** Of what is made or goes, types that bring along what belongs to them. */
const PARTS =
  /^aws_(cloudfront_(distribution|vpc_origin)|cloudwatch_(log_group|dashboard)|db_instance|ecr_repository|ecs_(cluster|service)|eip|elasticache_\w*(cluster|group)|instance|kms_key|lb|s3_bucket|secretsmanager_secret)$/;

/** What keeps the data, whichever way. A test moves an environment there and back on the emulator (test/scenarios/tiers.test.ts). */
const RULES = `
**The data stays.** Database, buckets, images and the secret with the database's address keep their places in the code, so that nothing of them is made anew: the database gets another class in its maintenance window, and its storage only ever grows. The cache holds nothing that the database does not.

**In the literal** it is \`tier\`, and between \`free\` and \`standard\` the block that describes the API: \`backend\` (a machine) or \`service\` with \`cache\`. \`freeTier\` and the database's \`longKeeping\`, which the machine makes, are the small tiers' alone. Before \`standard\` raise \`database.maxAllocatedStorageGigabytes\`; after it, what has grown stays and \`allocatedStorageGigabytes\` follows it. \`standard\` wants a network of its own.

**What runs** may be newer than the literal (\`npm run deploy:web -- <environment>\` shows it): that tag belongs into \`web.service.image\`, or an older image meets the tables of a newer one.

**Up**, the service must be healthy before CloudFront asks it; the machine and the way to it go last. Where the service does not become healthy, the deploy fails and the machine still answers.

**Back**, the tasks go first, and the API is away until the machine has converged and CloudFront asks it. AWS does not delete a load balancer that is protected, so this comes before the deploy: \`aws elbv2 modify-load-balancer-attributes --load-balancer-arn <arn> --attributes Key=deletion_protection.enabled,Value=false\`. Of the cache nothing is kept.`.trim();

/** What the literal of an environment in a network of its own says of each tier; what is there already keeps its names. */
export function valuesOf(tier: Tier, { nameSuffix, web }: Pick<Environment, "nameSuffix" | "web">): Readonly<Record<string, string>> {
  if (tier !== "standard") return { "web.tier": tier };
  const { apiImage: image, databaseSecret, health, port } = web!.backend!;
  return Object.fromEntries(
    Object.entries({
      "web.tier": tier,
      "web.freeTier": undefined,
      "web.backend": undefined,
      "web.service": { image, cpu: 512, memory: 1024, replicas: 2, port, healthPath: health.path, readyPath: health.path, databaseSecret },
      "web.cache": { ...cacheDefaults, id: `kabu-trade-cache${nameSuffix}`, snapshotRetentionDays: 1 },
      "web.database.longKeeping": undefined,
      "web.database.instanceClass": "db.t3.small",
      "web.database.maxAllocatedStorageGigabytes": 100,
    }).map(([path, value]) => [path, value === undefined ? "" : JSON.stringify(value)]),
  );
}

function changesOf(stack: string, before: StackJson, after: StackJson): readonly ResourceChange[] {
  return readPlan(comparePlan(before, after), { stack, constructs: new Map([...constructsOf(before), ...constructsOf(after)]) }).changes;
}

function table(changes: readonly ResourceChange[]): string {
  const rows = ACTIONS.flatMap((action) => {
    const all = changes.filter((change) => change.action === action);
    const named = action === "update" || action === "replace" ? all : all.filter(({ type }) => PARTS.test(type));
    const rest = all.length - named.length;
    return [
      ...named.map(({ construct, type, attributes }) => [
        WORDS[action]!,
        `\`${construct}\``,
        `\`${type}\``,
        action === "update" || action === "replace"
          ? [...new Set(attributes.map(({ path }) => `\`${path.replace(/[[.].*/, "")}\``))].join(", ")
          : "",
      ]),
      ...(rest > 0 ? [[WORDS[action]!, `${rest} more that belong to them`, "", ""]] : []),
    ];
  });
  return markdownTable(["", "construct", "type", "of it"], rows);
}

/** @param environment whose web application is of the tier `free`, in a network of its own */
export async function tierMoves(root: string, environment: Environment): Promise<string> {
  const { name } = environment;
  const stack = `${name}-web`;
  const of = new Map<Tier, StackJson>();
  for (const tier of TIERS) of.set(tier, (await changedStacks(root, name, { values: valuesOf(tier, environment) })).get(stack)!);
  const moves: readonly (readonly [Tier, Tier])[] = [
    ["personal", "free"],
    ["free", "standard"],
    ["standard", "free"],
    ["free", "personal"],
  ];
  return `# Moving between the tiers

<!-- Written by \`npm run docs\` (commands/pages/tier-moves.ts): edit that. -->

What a review says of the stack \`web\` when ${name}'s web application (docs/web.md) changes its tier, by both syntheses. The dashboard and the schedules of \`operations\` follow. ${RULES}

${moves.map(([from, to]) => `## ${from} → ${to}\n\n${table(changesOf(stack, of.get(from)!, of.get(to)!))}\n`).join("\n")}`;
}
