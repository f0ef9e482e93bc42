/** Makes what stacks import or look up, as empty as can be: an emulator holds nothing beforehand. */
import type { StackJson } from "../terraform/assembly";
import type { Emulator } from "./emulator";

/**
 * What there is already stays as it is.
 * @returns the addresses that are imported
 * @throws Error for a kind that cannot be made here
 */
export async function makeExisting(
  emulator: Pick<Emulator, "createBucket" | "createTable">,
  stacks: readonly StackJson[],
  region: string,
): Promise<string[]> {
  const imports = stacks.flatMap(({ import: blocks = [], resource }) => blocks.map((block) => ({ ...block, resource })));
  for (const { to, id, resource } of imports) {
    const [type = "", name = ""] = to.split(".");
    if (type === "aws_s3_bucket") {
      await emulator.createBucket(id, region);
    } else if (type === "aws_dynamodb_table") {
      const { hash_key: hash, range_key: range } = resource![type]![name] as { readonly hash_key: string; readonly range_key?: string };
      await emulator.createTable(id, { hash, range }, region);
    } else {
      throw new Error(`${to} imports ${id}, and a rehearsal can make only buckets and tables beforehand.`);
    }
  }
  return imports.map(({ to }) => to);
}

/** The public zones of Route 53 that stacks look up by their names. @returns their ids */
export async function makeZones(emulator: Pick<Emulator, "createZone">, stacks: readonly StackJson[]): Promise<string[]> {
  const names = stacks.flatMap(({ data }) => Object.values(data?.aws_route53_zone ?? {}).map(({ name }) => String(name)));
  const ids: string[] = [];
  for (const name of new Set(names)) ids.push(await emulator.createZone(name));
  return ids;
}
