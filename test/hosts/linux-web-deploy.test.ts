/** Another image of the API on the web application's machine (OPS-054): by a deploy, by the literal, and what becomes of one that is not well. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { VERSION_PATTERN } from "../../constructs/identity/github-names";
import { deployImageContent } from "../../constructs/web/deploy-document";
import { folder } from "./folder";
import { API, bareMachine, CACHE, converge, cutOff, deploy, publish, restart, root, running, short } from "./web-machine";

jest.setTimeout(120_000);

const deployed = () => JSON.parse(readFileSync(join(folder, "deployed"), "utf8")) as unknown;
const migrated = () =>
  readFileSync(join(folder, "migrated"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(`${API}:`, ""));
const literal = (version: string) => {
  publish({ images: { api: `${API}:${version}`, cache: CACHE } });
};
/** What runs, by its tag. */
const tag = () => running().split(" ")[0]!.replace(`${API}:`, "");

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: flock, GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("a deploy of an image", () => {
  beforeEach(() => {
    bareMachine();
    publish();
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("1.0.0");
    rmSync(join(folder, "asked"));
  });

  it("pulls, migrates, changes over, asks for its health, and stays through converges", () => {
    const { code, output, calls } = deploy("2.0.0");
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining(`converge: image ${API}:2.0.0 runs, and answers /api/health`) as string,
    });
    expect(calls.map(short)).toEqual([
      "aws ecr get-login-password --region ap-northeast-1",
      "docker login 111122223333.dkr.ecr.ap-northeast-1.amazonaws.com with registry-password into */docker",
      `docker pull --quiet ${API}:2.0.0`,
      "systemctl start kabu-trade-migrate.service",
      expect.stringContaining("secretsmanager get-secret-value"),
      "docker compose --file /root/opt/tss/host/compose.yaml run --rm --no-deps --no-TTY --name kabu-trade-migration api alembic upgrade head",
      "systemctl reload-or-restart kabu-trade.service",
      expect.stringContaining("secretsmanager get-secret-value"),
      "docker compose --file /root/opt/tss/host/compose.yaml up --detach --no-build --pull never --remove-orphans",
      `aws ssm put-parameter --region ap-northeast-1 --name /tss/dev/web-image --type String --overwrite --value {"image":"${API}:2.0.0","insteadOf":"${API}:1.0.0"}`,
    ]);
    expect(migrated()).toEqual(["1.0.0 alembic upgrade head", "2.0.0 alembic upgrade head"]);
    expect(deployed()).toEqual({ image: `${API}:2.0.0`, insteadOf: `${API}:1.0.0` });
    expect(converge().calls).toEqual(["docker image prune --all --force"]);
    expect(tag()).toBe("2.0.0");
  });

  it("of the image that runs changes nothing, and only makes sure that it is well", () => {
    deploy("2.0.0");
    const again = deploy("2.0.0");
    expect(again).toMatchObject({ code: 0, calls: [] });
    expect(again.output).toContain("runs already, and answers /api/health");
  });

  it("by digest", () => {
    const digest = `sha256:${"b".repeat(64)}`;
    expect(deploy(digest)).toMatchObject({ code: 0 });
    expect(running()).toContain(`${API}@${digest} `);
  });

  it("that is broken goes back to the old one, and no converge tries it again", () => {
    const { code, output } = deploy("2.0.0-broken");
    expect(code).toBe(1);
    expect(output).toContain(`image ${API}:2.0.0-broken does not answer /api/health within 1 s; ${API}:1.0.0 runs again`);
    expect(output).toContain("what the API said last");
    expect(tag()).toBe("1.0.0");
    expect(deployed()).toEqual({});
    expect(converge()).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
    // Somebody may, once the reason is gone.
    expect(deploy("2.0.0-broken").calls).toContain("systemctl start kabu-trade-migrate.service");
  });

  it("that cannot be pulled changes nothing", () => {
    writeFileSync(join(folder, "registry-is-down"), "");
    const { code, output, calls } = deploy("2.0.0");
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining("could not be pulled; what runs stays as it is") as string,
    });
    expect(calls.join()).not.toMatch(/systemctl|compose/);
    expect([tag(), migrated()]).toEqual(["1.0.0", ["1.0.0 alembic upgrade head"]]);
  });

  it("whose migration fails changes nothing that runs, and says why", () => {
    const { code, output, calls } = deploy("2.0.0-unmigratable");
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining("no such table\nconverge: image " + API + ":2.0.0-unmigratable: the migration failed") as string,
    });
    expect(calls.join()).not.toContain("reload");
    expect([tag(), deployed()]).toEqual(["1.0.0", {}]);
    expect(converge()).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
  });

  it("that fails tells no password, though the programs that it quotes do", () => {
    const said = [
      "could not connect to postgresql+asyncpg://api:s%40cret%2Fword@db.example/kabu_trade?ssl=require",
      "Could not parse SQLAlchemy URL from string 'postgresql://api:secret/w@rd@db:5433/kabu_trade'",
      "redis://:secret-word@cache:6379/0, asked by http://10.0.0.1:80/api/health of somebody@example.com",
    ];
    const told = [
      "could not connect to postgresql+asyncpg://api:***@db.example/kabu_trade?ssl=require",
      "Could not parse SQLAlchemy URL from string 'postgresql://api:***@db:5433/kabu_trade'",
      "redis://:***@cache:6379/0, asked by http://10.0.0.1:80/api/health of somebody@example.com",
    ];
    writeFileSync(join(folder, "complaint"), `${said.join("\n")}\n`);
    expect(deploy("2.0.0-unmigratable").output).toContain(`${told.join("\n")}\nno such table\n`);
    expect(deploy("2.0.0-broken").output).toContain(`${told.join("\n")}\nwhat the API said last\n`);
  });

  it("that could not be noted down goes back, because the next converge would do so without a word", () => {
    writeFileSync(join(folder, "parameters-are-down"), "");
    expect(deploy("2.0.0").output).toContain("2.0.0 could not be recorded in /tss/dev/web-image; ");
    expect(tag()).toBe("1.0.0");
  });

  it("that a restart of the machine cuts off is as if it had not been", async () => {
    await cutOff("2.0.0-broken", "asked");
    expect(tag()).toBe("2.0.0-broken");
    restart();
    expect(tag()).toBe("1.0.0");
    expect(deployed()).toEqual({});
  });

  it("that is cut off on a machine that runs on ends with the next converge", async () => {
    await cutOff("2.0.0-broken", "asked");
    expect(existsSync(root("run/kabu-trade-trial"))).toBe(true);
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("1.0.0");
  });

  it("gives way to another image of the literal, which is the later decision, and goes the same way", () => {
    deploy("2.0.0");
    literal("3.0.0");
    expect(converge()).toMatchObject({ code: 0 });
    expect([tag(), migrated().at(-1)]).toEqual(["3.0.0", "3.0.0 alembic upgrade head"]);
    // What was deployed in place of an earlier literal counts no more, not even when that comes back.
    expect(deploy("2.0.0")).toMatchObject({ code: 0 });
    expect(deployed()).toEqual({ image: `${API}:2.0.0`, insteadOf: `${API}:3.0.0` });
    literal("4.0.0-broken");
    const failed = converge();
    expect(failed.code).toBe(1);
    expect(failed.output).toContain(`${API}:2.0.0 runs again`);
    const later = converge();
    expect(later).toMatchObject({ code: 1, calls: ["docker image prune --all --force"] });
    expect(later.output).toContain(`image ${API}:4.0.0-broken was tried in vain, so ${API}:2.0.0 runs on`);
  });

  it("does not come back with the literal in whose place it was, once another one has been followed", () => {
    deploy("2.0.0");
    literal("3.0.0");
    expect(converge().calls.at(-1)).toBe("docker image prune --all --force");
    expect(deployed()).toEqual({ image: `${API}:3.0.0`, insteadOf: `${API}:3.0.0` });
    literal("1.0.0");
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("1.0.0");
  });

  it("does not come back either where the literal named in between what was deployed, which changed nothing", () => {
    deploy("2.0.0");
    literal("2.0.0");
    expect(converge()).toMatchObject({ code: 0 });
    expect(deployed()).toEqual({ image: `${API}:2.0.0`, insteadOf: `${API}:2.0.0` });
    expect(converge().calls).toEqual(["docker image prune --all --force"]);
    literal("1.0.0");
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("1.0.0");
  });

  it("that gave way is recorded so, or the converge fails until it is", () => {
    deploy("2.0.0");
    literal("3.0.0");
    writeFileSync(join(folder, "parameters-are-down"), "");
    const { code, output, calls } = converge();
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(`${API}:3.0.0 runs, which could not be recorded in /tss/dev/web-image`) as string,
    });
    expect([tag(), calls.at(-1)]).toEqual(["3.0.0", "docker image prune --all --force"]);
    rmSync(join(folder, "parameters-are-down"));
    expect(converge()).toMatchObject({ code: 0 });
    expect(deployed()).toEqual({ image: `${API}:3.0.0`, insteadOf: `${API}:3.0.0` });
  });

  it("is found again by a machine that takes this one's place", () => {
    deploy("2.0.0");
    for (const path of ["root/opt/tss", "root/etc/tss", "containers", "running"]) rmSync(join(folder, path), { recursive: true });
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("2.0.0");
  });

  it("of another repository is not believed", () => {
    writeFileSync(join(folder, "deployed"), JSON.stringify({ image: "docker.io/somebody/else:1", insteadOf: `${API}:1.0.0` }));
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("1.0.0");
  });

  it("to a machine that ran nothing yet", () => {
    publish({ images: { api: "", cache: CACHE } });
    for (const path of ["root/etc/tss/api-image", "containers", "running"]) rmSync(join(folder, path), { recursive: true });
    expect(converge().output).toContain("no image of the API has been named yet");
    const broken = deploy("2.0.0-broken");
    expect(broken.output).toContain("there is none to go back to");
    expect(deploy("2.0.0")).toMatchObject({ code: 0 });
    expect(converge()).toMatchObject({ code: 0 });
    expect(tag()).toBe("2.0.0");
  });

  it("without a migration runs none", () => {
    publish({ migrate: [] });
    expect(converge()).toMatchObject({ code: 0 });
    expect(deploy("2.0.0")).toMatchObject({ code: 0 });
    expect(migrated()).toEqual(["1.0.0 alembic upgrade head"]);
  });
});

it("the document takes nothing that a shell would understand", () => {
  const pattern = new RegExp(VERSION_PATTERN);
  expect(["1.4.2", "v1", `sha256:${"0".repeat(64)}`].filter((version) => !pattern.test(version))).toEqual([]);
  expect(["", "a b", "a'b", "a$(id)", "a`id`", "-v", "a;b", "a\nb", "a/b", "sha256:0"].filter((version) => pattern.test(version))).toEqual(
    [],
  );
  const [step] = deployImageContent().mainSteps;
  // The one thing in double braces is the parameter.
  expect(step!.inputs.runCommand.join("\n").match(/\{\{.*?\}\}/g)).toEqual(["{{ version }}"]);
  for (const script of step!.inputs.runCommand) expect(spawnSync("sh", ["-n", "-c", script]).status).toBe(0);
});
