/** What the NAT instance runs, for real, below a folder, with stand-ins for package manager, kernel and AWS; its units by systemd's own judge. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { natUserData } from "../../constructs/network/nat-instance";
import { run, systemdAnalyze } from "./linux-tools";
import { folder, write } from "./folder";

const userData = natUserData({ environment: "staging", region: "ap-northeast-1", metricNamespace: "AXIA/TradingSystem" });
const recorder = (name: string, more = "") => `#!/bin/bash\necho "${name} $*" >>"$FAKE/calls"\n${more}`;

(process.platform === "linux" ? describe : describe.skip)("the NAT instance (NET-019)", () => {
  const root = (path: string) => join(folder, "root", path);
  /** Runs it on nothing but the stand-ins and the machine's own core tools. @returns its exit code and the calls it made */
  function start(script: string): { code: number | null; output: string; calls: string[] } {
    rmSync(join(folder, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync("bash", [script], {
      encoding: "utf8",
      env: {
        PATH: `${join(folder, "bin")}:${join(folder, "core")}`,
        FAKE: folder,
        TSS_ROOT: join(folder, "root"),
        TSS_SWAP_MEGABYTES: "1",
      },
    });
    const calls = existsSync(join(folder, "calls"))
      ? readFileSync(join(folder, "calls"), "utf8")
          .replaceAll(folder, "")
          .split("\n")
          .filter((line) => line !== "")
      : [];
    return { code: status, output: stdout + stderr, calls };
  }
  const boot = () => start(write("user-data.sh", userData));
  const setUp = () => start(root("usr/local/sbin/nat-set-up"));

  beforeEach(() => {
    for (const tool of ["bash", "cat", "chmod", "dd", "grep", "mkdir", "mv", "touch"])
      spawnSync("ln", [
        "-s",
        spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(),
        write(`core/.${tool}`, "").replace(`.${tool}`, tool),
      ]);
    write("root/etc/sysctl.d/10-own.conf", "");
    write("bin/systemctl", recorder("systemctl"), 0o755);
    write("bin/mkswap", recorder("mkswap"), 0o755);
    write(
      "bin/swapon",
      recorder(
        "swapon",
        '[ "$1" != --show=NAME ] || cat "$FAKE/swaps" 2>/dev/null; case "$1" in /*) echo "$1" >>"$FAKE/swaps" ;; esac; true',
      ),
      0o755,
    );
    // It is killed where there is no swap, and brings nft.
    write(
      "bin/dnf",
      recorder(
        "dnf",
        '[ -s "$FAKE/swaps" ] && [ ! -e "$FAKE/no-network" ] || exit 1\n{ echo "#!/bin/bash"; echo "echo nft \\$* >>\\"\\$FAKE/calls\\"; [ \\"\\$1\\" = list ] && echo masquerade || cat >\\"\\$FAKE/rules\\""; } >"$FAKE/bin/nft"; chmod +x "$FAKE/bin/nft"',
      ),
      0o755,
    );
    write("bin/modprobe", recorder("modprobe"), 0o755);
    write("bin/sysctl", recorder("sysctl", '[ "$1" != --values ] || cat "$FAKE/forwarding"'), 0o755);
    write("bin/aws", recorder("aws"), 0o755);
    write("forwarding", "1\n");
  });

  it("writes what every boot runs, and starts it without waiting for a network", () => {
    const { code, calls, output } = boot();
    expect({ code, output }).toEqual({ code: 0, output: "" });
    expect(calls).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --quiet nat-set-up.service nat-heartbeat.timer",
      "systemctl start --no-block nat-set-up.service nat-heartbeat.timer",
    ]);
    for (const program of ["nat-set-up", "nat-heartbeat"]) expect(statSync(root(`usr/local/sbin/${program}`)).mode & 0o777).toBe(0o755);
    expect(userData).not.toMatch(/@[A-Z_]+@/);
  });

  it("has units that systemd takes, of which the set-up is tried again at every boot and for ever", () => {
    boot();
    const units = readdirSync(root("etc/systemd/system"));
    expect(units.sort()).toEqual(["nat-heartbeat.service", "nat-heartbeat.timer", "nat-set-up.service"]);
    const setUpUnit = readFileSync(root("etc/systemd/system/nat-set-up.service"), "utf8");
    for (const line of [
      "StartLimitIntervalSec=0",
      "Restart=on-failure",
      "RestartSec=15",
      "WantedBy=multi-user.target",
      "ExecStart=/usr/local/sbin/nat-set-up",
    ])
      expect(setUpUnit).toContain(`\n${line}\n`);
    const tool = systemdAnalyze();
    if (!tool) return;
    for (const unit of units)
      write(
        `units/${unit}`,
        readFileSync(root(`etc/systemd/system/${unit}`), "utf8").replaceAll("/usr/local/sbin", root("usr/local/sbin")),
      );
    expect(run(tool, ["verify", "--man=no", ...units.map((unit) => join(folder, "units", unit))])).toEqual({ code: 0, output: "" });
    write(
      "units/nat-set-up.service",
      setUpUnit.replace("Restart=on-failure", "Restart=alwais").replaceAll("/usr/local/sbin", root("usr/local/sbin")),
    );
    expect(run(tool, ["verify", "--man=no", join(folder, "units", "nat-set-up.service")]).output).toContain("alwais");
  });

  it("has swap before it installs anything, passes packets on, and does neither twice", () => {
    boot();
    expect(setUp()).toMatchObject({
      code: 0,
      calls: [
        "mkswap /root/swap.new",
        "swapon --show=NAME --noheadings",
        "swapon /root/swap",
        "dnf install --assumeyes --quiet nftables",
        "modprobe nf_conntrack",
        "sysctl --quiet --load=/root/etc/sysctl.d/90-nat.conf",
        "nft --file -",
      ],
    });
    expect(statSync(root("swap"))).toMatchObject({ size: 2 ** 20, mode: 0o100600 });
    expect(readFileSync(join(folder, "rules"), "utf8")).toContain('oifname != "lo" masquerade');
    expect(readFileSync(root("etc/sysctl.d/90-nat.conf"), "utf8")).toContain("net.ipv4.ip_forward = 1\n");
    expect(setUp().calls).toEqual([
      "swapon --show=NAME --noheadings",
      "modprobe nf_conntrack",
      "sysctl --quiet --load=/root/etc/sysctl.d/90-nat.conf",
      "nft --file -",
    ]);
  });

  it("fails, to be tried again, while the repositories cannot be reached", () => {
    boot();
    write("no-network", "");
    expect(setUp().code).toBe(1);
    rmSync(join(folder, "no-network"));
    expect(setUp().code).toBe(0);
  });

  it("says that it lives while it passes packets on, and is silent else (OBS-029)", () => {
    boot();
    const heartbeat = () => start(root("usr/local/sbin/nat-heartbeat"));
    expect(heartbeat().code).not.toBe(0); // no nft yet
    setUp();
    expect(heartbeat()).toMatchObject({
      code: 0,
      calls: [
        "sysctl --values net.ipv4.ip_forward",
        "nft list table ip nat",
        "aws cloudwatch put-metric-data --region ap-northeast-1 --namespace AXIA/TradingSystem --metric-name Heartbeat --unit Count --value 1 --dimensions Environment=staging,Host=nat-instance",
      ],
    });
    write("forwarding", "0\n");
    expect(heartbeat()).toMatchObject({ code: 1, calls: ["sysctl --values net.ipv4.ip_forward"] });
  });

  it("is valid for shellcheck, where there is one", () => {
    boot();
    if (spawnSync("which", ["shellcheck"]).status !== 0) return;
    for (const script of [join(folder, "user-data.sh"), root("usr/local/sbin/nat-set-up"), root("usr/local/sbin/nat-heartbeat")])
      expect(spawnSync("shellcheck", [script], { encoding: "utf8" }).stdout).toBe("");
  });
});
