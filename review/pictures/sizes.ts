/** One or two lines on a resource: how large it is, how many there are. Only what stands in its block. */
import type { Block, Resource } from "./synthesised-stacks";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && !value.includes("${") ? value : typeof value === "number" ? String(value) : undefined;

const ENGINES: Readonly<Record<string, string>> = { postgres: "PostgreSQL", redis: "Redis", valkey: "Valkey", mysql: "MySQL" };

/** How many of it stand ready: copies of a cache, a database with a standby. */
export function copies(block: Block): string | undefined {
  if (block.multi_az === true) return "standby in another zone";
  const replicas = Number(block.replicas_per_node_group ?? Number(block.num_cache_clusters ?? 1) - 1);
  return replicas > 0 ? `${replicas} replica${replicas === 1 ? "" : "s"} in another zone` : undefined;
}

function range(block: Block): string | undefined {
  const scaling = [block.scaling_config].flat()[0] as Block | undefined;
  const [min, max] = [text(scaling?.min_size ?? block.min_size), text(scaling?.max_size ?? block.max_size)];
  return min !== undefined && max !== undefined ? (min === max ? min : `${min} to ${max}`) : undefined;
}

export function factsOf({ block }: Pick<Resource, "block">): string[] {
  const engine = text(block.engine);
  const size = text(block.instance_type) ?? text(block.instance_class) ?? text(block.node_type);
  const types = Array.isArray(block.instance_types) ? block.instance_types.join(", ") : undefined;
  const count = range(block);
  return [
    [engine && `${ENGINES[engine] ?? engine} ${text(block.engine_version) ?? ""}`.trim(), size, types, count && `${count} instances`]
      .filter((fact) => fact !== undefined && fact !== "")
      .join(" · "),
    copies(block) ?? "",
  ].filter((line) => line !== "");
}
