/** Secrets: code makes them empty, people fill them (design 11). */
import { AwsError, at } from "../aws";
import { blocksIn, isLiteral, type Answer, type Need, type Subject } from "./need";

const CURRENT = "AWSCURRENT";

/**
 * Each that these stacks make and do not fill, or that their containers read. One that nobody reads yet never stops the deploy that makes it;
 * ECS starts no container before all its secrets have a value, and the deploy waits for its services.
 */
export function secrets(subject: Subject): Need[] {
  const { environment, stacks, all = stacks } = subject;
  const everywhere = { ...subject, stacks: all };
  const filled = blocksIn(everywhere, "aws_secretsmanager_secret_version").map(({ block }) => JSON.stringify(block));
  const tasks = blocksIn(subject, "aws_ecs_task_definition").map(({ id, block, stack }) => ({ id, stack, text: JSON.stringify(block) }));
  return blocksIn(everywhere, "aws_secretsmanager_secret").flatMap(({ id, block, stack, access }): Need[] => {
    const { name, tags } = block;
    if (!isLiteral(name) || filled.some((text) => text.includes(`aws_secretsmanager_secret.${id}.`))) return [];
    // An address of the same stack, or the name under which cdktf gives it to another one.
    const readers = tasks.filter(({ text }) => new RegExp(`aws_secretsmanager_secret\\.?${id}`).test(text));
    const isMade = stacks.some((one) => one.name === stack);
    if (!isMade && readers.length === 0) return [];
    const keys = (tags as { readonly Keys?: string } | undefined)?.Keys?.split(" ") ?? [];
    const value = keys.length > 0 ? `{${keys.map((key) => `"${key}":"…"`).join(",")}}` : "…";
    const of = `--region ${access.region} --secret-id ${name}`;
    const put = `aws secretsmanager put-secret-value ${of} --secret-string '${value}'`;
    const deploy = `npm run deploy -- ${environment.name} --stacks ${stack.slice(environment.name.length + 1)}`;
    const unfilled = (why: string, make: string): Answer =>
      readers.length === 0
        ? { state: "later", why, make: put }
        : { state: "missing", why: `${why}, and containers that read it do not start: ${readers.map((task) => task.id).join(", ")}`, make };
    return [
      {
        kind: "secret",
        name,
        stacks: isMade ? [stack] : [...new Set(readers.map((task) => task.stack))],
        ask: async () => {
          try {
            const answered = await subject.aws(access).json("secretsmanager", "DescribeSecret", { SecretId: name });
            if ((at(answered, "DeletedDate") ?? null) !== null)
              return {
                state: "missing",
                why: "somebody deleted it; until AWS does so for good there can be no other of its name",
                make: `aws secretsmanager restore-secret ${of}; where the state of ${stack} does not know it, docs/importing.md takes it over`,
              };
            const versions = Object.values((at(answered, "VersionIdsToStages") ?? {}) as Readonly<Record<string, readonly string[]>>);
            return versions.some((stages) => stages.includes(CURRENT)) ? { state: "there" } : unfilled("it is empty", put);
          } catch (error) {
            if (error instanceof AwsError && error.code === "ResourceNotFoundException")
              return unfilled(isMade ? "the deploy makes it, empty" : `${stack} makes it, empty`, `${deploy}, then ${put}`);
            throw error;
          }
        },
      },
    ];
  });
}
