/** What hiding secrets costs on texts that were made to be slow: twice the text must take about twice the time. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { table } from "../shared/table";
import { bundled } from "./reviews";

const CHARACTERS = 100_000;

/** Each is repeated; every kind of pattern has one that makes it begin everywhere and end nowhere. */
const HOSTILE: readonly string[] = [
  ...[
    "a1B",
    "https://",
    "a.",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    " ",
    "a_",
    "a-",
    "://${",
    "${a",
    "$",
    "&a",
    "?token",
    "://a:b@",
  ],
  ...["a \"b 'c ", '\\"', "\\", "<a ", "<password>", "<password ", " -p", '"-password",', "key=a ", "name=password ", "password: |\n  a\n"],
  ...["- \n ", "machine a login b password ", "a:", "password:", "password:${", "password=", "sk-", "eyJaaaaa.eyJaa.", "xoxb-1-", "npm_"],
  ...["mysql curl login docker -e kubectl ", "://a/hooks/", "ab12", "identified with ", "ConvertTo-SecureString -Force ", "PSCredential("],
  ...["arn:aws:", "{{resolve:ssm:", "net user ", "setx ", "ENV A", "Environment=A=", "$env:a = ", "_authToken=", "mongodb://", "Bearer "],
];

/** Prints for each text the milliseconds of once and of twice its length. */
const HIDING = `
  import { redactText } from "./review/plan/secrets";

  const milliseconds = (text) =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const started = process.hrtime.bigint();
        redactText(text);
        return Number(process.hrtime.bigint() - started) / 1e6;
      }),
    );
  const texts = JSON.parse(process.env.TEXTS);
  const characters = Number(process.env.CHARACTERS);
  const of = (text, length) => text.repeat(Math.ceil(length / text.length));
  console.log(JSON.stringify(texts.map((text) => [milliseconds(of(text, characters)), milliseconds(of(text, 2 * characters))])));`;

export async function benchSecrets(root: string, folder: string): Promise<string> {
  const program = await bundled(root, join(folder, "secrets.cjs"), HIDING);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TEXTS: JSON.stringify(HOSTILE), CHARACTERS: String(CHARACTERS) },
    // What is exponential would never end.
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`The benchmark of hiding secrets failed, or took more than two minutes:\n${stderr}`);
  const measured = (JSON.parse(stdout) as readonly (readonly [number, number])[]).map(([once, twice], index) => ({
    text: HOSTILE[index]!,
    once,
    twice,
    // Below some milliseconds the clock tells of other work.
    growth: twice / Math.max(once, 10),
  }));
  const steepest = measured.reduce((worst, one) => (one.growth > worst.growth ? one : worst));
  const slowest = measured.reduce((worst, one) => (one.twice > worst.twice ? one : worst));
  const named = ({ text, once, twice }: (typeof measured)[number]) =>
    `${JSON.stringify(text)} repeated: ${once.toFixed(1)} ms / ${twice.toFixed(1)} ms`;
  return table(
    ["ratio", "measured", "goal", "from"],
    [
      [
        `hiding secrets in ${2 * CHARACTERS} characters / in ${CHARACTERS}, the steepest of ${HOSTILE.length} hostile texts`,
        steepest.growth.toFixed(1),
        "≤ 3 (2 is linear, 4 quadratic)",
        named(steepest),
      ],
      ["the slowest of them", `${slowest.twice.toFixed(0)} ms`, "≤ 2,000 ms", named(slowest)],
    ],
  );
}
