/** The scripts of the web application's backend, for real, below a folder, with stand-ins for AWS, Docker, systemd and package managers. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { folder, write } from "./folder";
import { judged, run, systemdAnalyze } from "./linux-tools";
import { API, bareMachine, CACHE, converge, publish, root, running, sha256, compose, short, text } from "./web-machine";

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: flock, GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("the web application's backend", () => {
  beforeEach(bareMachine);

  it("makes a backend of a bare machine, and does nothing the second time (EDG-016 … EDG-020)", () => {
    publish();
    const first = converge();
    expect(first).toMatchObject({ code: 0 });
    expect(first.calls.map(short)).toEqual([
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/bundles/web-#.zip */bundle.zip",
      "mkswap /root/swapfile",
      "swapon /root/swapfile",
      "dnf install --assumeyes --quiet docker amazon-cloudwatch-agent",
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/software/#/docker-compose */docker-compose",
      "systemctl enable docker.service",
      "systemctl start docker.service",
      "agent -a fetch-config -m ec2 -s -c file:*/cloudwatch-agent.json",
      "docker pull --quiet public.ecr.aws/docker/library/redis:7@sha256:#",
      "systemctl daemon-reload",
      "systemctl enable kabu-trade.service",
      "aws ecr get-login-password --region ap-northeast-1",
      "docker login 111122223333.dkr.ecr.ap-northeast-1.amazonaws.com with registry-password into */docker",
      `docker pull --quiet ${API}:1.0.0`,
      "systemctl start kabu-trade-migrate.service",
      "aws secretsmanager get-secret-value --region ap-northeast-1 --secret-id kabu-trade/database-dev --query SecretString --output text",
      "docker compose --file /root/opt/tss/host/compose.yaml run --rm --no-deps --no-TTY --name kabu-trade-migration api alembic upgrade head",
      "systemctl reload-or-restart kabu-trade.service",
      "aws secretsmanager get-secret-value --region ap-northeast-1 --secret-id kabu-trade/database-dev --query SecretString --output text",
      "docker compose --file /root/opt/tss/host/compose.yaml up --detach --no-build --pull never --remove-orphans",
      "docker image prune --all --force",
    ]);
    expect(running()).toBe(
      `${API}:1.0.0 ${CACHE} 8000 /aws/ec2/kabu-trade-dev ap-northeast-1 postgresql://api:secret-word@db/kabu_trade?sslmode=require`,
    );
    expect(statSync(root("usr/local/lib/docker/cli-plugins/docker-compose")).mode & 0o777).toBe(0o755);
    expect(statSync(root("swapfile"))).toMatchObject({ size: 1_048_576 });
    expect(statSync(root("swapfile")).mode & 0o777).toBe(0o600);
    expect(readFileSync(root("etc/fstab"), "utf8")).toBe(`${root("swapfile")} none swap defaults 0 0\n`);

    const second = converge();
    expect(second).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
  });

  it("starts again what somebody has taken away, and removes images that nothing runs", () => {
    publish();
    expect(converge().calls.at(-1)).toBe("docker image prune --all --force");
    writeFileSync(join(folder, "containers"), "api\n");
    const repaired = converge();
    expect(repaired.calls).toContain("systemctl reload-or-restart kabu-trade.service");
    expect(converge().calls.join()).not.toContain("systemctl");
  });

  it("leaves no secret in a file (SEC-059)", () => {
    publish();
    converge();
    expect(spawnSync("grep", ["-rl", "secret-word\\|registry-password", root("."), join(folder, "run")], { encoding: "utf8" }).stdout).toBe(
      "",
    );
  });

  it("changes over to another image, and keeps what runs when that cannot be had", () => {
    publish();
    converge();
    writeFileSync(join(folder, "registry-is-down"), "");
    publish({ images: { api: `${API}:2.0.0`, cache: CACHE } });
    const failed = converge();
    expect(failed.code).toBe(1);
    expect(failed.output).toContain(`image ${API}:2.0.0 could not be pulled; what runs stays as it is`);
    expect(failed.calls.join()).not.toContain("restart");
    expect(running()).toContain(`${API}:1.0.0 `);

    rmSync(join(folder, "registry-is-down"));
    const changed = converge();
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.calls).toContain(`docker pull --quiet ${API}:2.0.0`);
    expect(changed.calls).not.toContain(`docker pull --quiet ${CACHE}`);
    expect(running()).toContain(`${API}:2.0.0 `);
  });

  it("runs nothing as long as no image is named, and is ready for one", () => {
    publish({ images: { api: "", cache: CACHE } });
    const { code, output, calls } = converge();
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("no image of the API has been named yet") as string,
    });
    expect(calls.join()).not.toMatch(/docker (pull|compose)|kabu-trade/);
    expect(calls).toContain("systemctl start docker.service");
  });

  it("does not start with half a secret, nor with software that is not what is locked", () => {
    publish();
    write("secret", JSON.stringify({ address: "x" }));
    const incomplete = converge();
    expect(incomplete.code).toBe(1);
    expect(incomplete.output).toContain("url is missing");
    expect(existsSync(join(folder, "running"))).toBe(false);

    rmSync(root("usr"), { recursive: true });
    write(`s3/software/software/${sha256(compose)}/docker-compose`, "another file");
    const replaced = converge();
    expect(replaced.code).toBe(1);
    expect(replaced.output).toMatch(/software 'docker-compose' is refused: expected SHA-256/);
    expect(existsSync(root("usr"))).toBe(false);
  });

  judged("the units are ones that systemd takes", systemdAnalyze(), (tool) => {
    write("opt/tss/host/start.sh", text("start.sh"), 0o755);
    write("units/docker.service", "[Service]\nExecStart=/bin/true\n");
    for (const name of ["kabu-trade", "kabu-trade-migrate"]) {
      const unit = text(`units/${name}.service`);
      const verified = (content: string) => {
        write(`units/${name}.service`, content.replaceAll("/opt/tss", join(folder, "opt/tss")).replaceAll("/usr/bin/docker", "/bin/true"));
        return run(tool, ["verify", "--man=no", join(folder, `units/${name}.service`)]).output;
      };
      expect(verified(unit)).not.toContain(`${name}.service:`);
      expect(verified(`${unit}\n[Service]\nRestrat=always\n`)).toContain("Restrat");
    }
  });

  it("what Compose is given is what it asks for", () => {
    const file = text("compose.yaml");
    const asked = new Set([...file.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));
    const given = new Set([...text("start.sh").matchAll(/^ *export ([A-Z_ ]+)$/gm)].flatMap(([, names]) => names!.split(" ")));
    expect([...given].sort()).toEqual([...asked].sort());
    const { services } = parse(file, { merge: true }) as { services: Record<string, Record<string, unknown>> };
    // Only the API is open, and only the API reaches the cache.
    expect(Object.entries(services).map(([name, { ports, logging }]) => [name, ports, (logging as { driver: string }).driver])).toEqual([
      ["api", ["80:${API_PORT:?}"], "awslogs"],
      ["cache", undefined, "awslogs"],
    ]);
    for (const script of ["converge.sh", "deploy.sh", "application.sh", "dump.sh", "start.sh", "lib.sh"]) {
      const folders = script === "lib.sh" ? "common" : "web";
      const path = resolve(__dirname, "..", "..", "hosts", "linux", folders, script);
      expect(spawnSync("bash", ["-n", path], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    }
  });
});
