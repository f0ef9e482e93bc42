/** The Windows host's PowerShell, without PowerShell: it parses, keeps the house's rules, and configures the CloudWatch agent as documented. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Language, Parser, type Node } from "web-tree-sitter";
import { documentContent } from "../../constructs/hosts/kill-switch-documents";
import { LOGON_ACTIONS, logonDocument } from "../../constructs/hosts/logon-rotation";
import { windowsTasks } from "../../constructs/hosts/windows-tasks";
import { HOST_ACTIONS } from "../../constructs/identity/github-names";
import { environment } from "../environments/edits";

const root = resolve(__dirname, "..", "..");
const windows = join(root, "hosts", "windows");
const text = (path: string) => readFileSync(join(windows, path), "utf8");
const below = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ps1"))
    .map((file) => relative(root, join(root, folder, file)))
    .sort();
const scripts = below("hosts");
const files = [...scripts, ...below("test/hosts")];

let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  // Its bytes, not its path: for a path it imports fs, which Jest's CommonJS refuses.
  parser.setLanguage(
    await Language.load(new Uint8Array(readFileSync(require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm")))),
  );
});

function nodes(source: string): Node[] {
  const found: Node[] = [];
  const visit = (node: Node) => {
    found.push(node);
    for (const child of node.children) if (child) visit(child);
  };
  visit(parser.parse(source)!.rootNode);
  return found;
}

/** Places that are no PowerShell, as `line: text`. */
const broken = (source: string) =>
  nodes(source)
    .filter((node) => node.isError || node.isMissing)
    .map((node) => `${node.startPosition.row + 1}: ${node.isMissing ? `missing ${node.type}` : node.text.slice(0, 60)}`);

/** The source without its comments, help included. */
function code(source: string): string {
  const comments = nodes(source)
    .filter((node) => node.type === "comment")
    .sort((a, b) => b.startIndex - a.startIndex);
  return comments.reduce((rest, { startIndex, endIndex }) => rest.slice(0, startIndex) + rest.slice(endIndex), source);
}

/** Commands as they are written, such as `Remove-Item $file -Force`. */
const commands = (source: string) =>
  nodes(source)
    .filter((node) => node.type === "command")
    .map((node) => node.text);

/** Comparisons that take "A" for "a", of texts in which that is a difference: those of files and of variables. Hashes are compared as they come. */
const caseless = (source: string) =>
  nodes(source)
    .filter(
      (node) =>
        node.type === "comparison_expression" &&
        node.children.some((child) => child?.type === "comparison_operator" && /^-i?(eq|ne)$/i.test(child.text)),
    )
    .map((node) => node.text)
    .filter((text) => /ReadAllText|GetEnvironmentVariable/.test(text));

/** The body of a function, by its name. */
const body = (source: string, name: string) => new RegExp(`^function ${name} \\{\n([^]*?)^\\}$`, "m").exec(source)![1]!;

/** What no script of a host may hold, beside its comments. */
const FORBIDDEN: readonly (readonly [reason: string, pattern: RegExp])[] = [
  ["fetches something from the Internet", /Invoke-WebRequest|Invoke-RestMethod|Start-BitsTransfer|WebClient|\b(curl|wget|iwr|irm)\b/i],
  ["names a download address", /https?:\/\//i],
  ["runs text as a program", /Invoke-Expression|\biex\b/i],
  ["installs from a public gallery", /Install-Module|Install-PackageProvider|\b(winget|choco)\b/i],
];
/** Commands and table entries that would put the password into Winlogon's key. */
const WRITES_PASSWORD = [
  /\b(Set-ItemProperty|New-ItemProperty|reg(\.exe)?|SetValue)\b[^\n]*DefaultPassword/i,
  /['"]?DefaultPassword['"]?\s*=/i,
];
/** Commands that would put something into a file. */
const WRITES_FILE = /^(Set-Content|Add-Content|Out-File|Save-TextFile|Save-State|Export-\w+|Tee-Object)\b/i;

describe.each(files)("%s", (file) => {
  const source = readFileSync(join(root, file), "utf8");

  it("parses", () => expect(broken(source)).toEqual([]));

  it("is ASCII, which Windows PowerShell reads the same without a byte order mark", () => {
    expect([...source].filter((character) => character > "\x7f")).toEqual([]);
    expect(source).not.toContain("\r");
  });

  it("begins with its help, and stops at the first error", () => {
    expect(source).toMatch(/^<#\n\.SYNOPSIS\n {2}\S/);
    expect(code(source)).toMatch(/^Set-StrictMode -Version Latest$/m);
    expect(code(source)).toMatch(/^\$ErrorActionPreference = 'Stop'$/m);
  });

  // PSScriptAnalyzer, which the hosted workflow runs, wants ShouldProcess of them (PSUseShouldProcessForStateChangingFunctions).
  it("gives no function a verb that would have to ask back", () =>
    expect(source).not.toMatch(/^ *function (New|Set|Remove|Start|Stop|Restart|Reset|Update)-/m));

  it("has fewer than 300 lines", () => expect(source.split("\n").length).toBeLessThan(300));
});

describe.each(scripts)("%s on a host", (file) => {
  const source = readFileSync(join(root, file), "utf8");

  it.each(FORBIDDEN)("never %s", (_, pattern) => expect(code(source)).not.toMatch(pattern));

  it("sees a change of capitals", () => expect(caseless(source)).toEqual([]));

  it("never writes the password of the logon", () => {
    for (const pattern of WRITES_PASSWORD) expect(code(source)).not.toMatch(pattern);
    const writers = commands(source).filter((command) => WRITES_FILE.test(command));
    expect(writers.filter((command) => /credential|password|secret/i.test(command))).toEqual([]);
  });
});

describe("what the tests above can see", () => {
  it.each([
    ["an open block", "if ($a) {\n  'x'\n"],
    ["an open string", "$a = 'x\n"],
    ["a stray brace", "function A {\n  'x'\n}\n}\n"],
  ])("%s is no PowerShell", (_, source) => expect(broken(source)).not.toEqual([]));

  it.each([
    ["if ((Test-Path $a) -and ([System.IO.File]::ReadAllText($a) -eq $b)) {\n  1\n}", 1],
    ["if ([System.Environment]::GetEnvironmentVariable('A', 'Machine') -ine 'b') {\n  1\n}", 1],
    ["if ([System.IO.File]::ReadAllText($a) -ceq $b) {\n  1\n}", 0],
    ["if ($a.sha256 -eq $b) {\n  1\n}", 0],
  ])("%s: %i comparisons without case", (source, found) => expect(caseless(source)).toHaveLength(found));

  it("comments are told from text", () => {
    expect(code("<#\nhttps://a\n#>\n$a = 'b # https://c' # https://d\n").trim()).toBe("$a = 'b # https://c'");
  });

  it.each([
    "Set-ItemProperty -Path $winlogon -Name 'DefaultPassword' -Value $value",
    "reg.exe add $key /v DefaultPassword /d $value",
    "$values = @{ DefaultPassword = $value }",
  ])("%s writes the password", (source) => expect(WRITES_PASSWORD.some((pattern) => pattern.test(code(source)))).toBe(true));
});

describe("the converge", () => {
  const converge = text("converge.ps1");
  const steps = readdirSync(join(windows, "steps")).sort();
  const named = [...converge.matchAll(/@\{ Name = '([^']+)'; File = '([^']+)'; Run = '([^']+)' \}/g)].map(([, name, file, run]) => ({
    name,
    file: file!,
    run: run!,
  }));

  it("runs every numbered step in the order of its number", () => {
    for (const step of steps) expect(step).toMatch(/^\d\d-[a-z]+\.ps1$/);
    expect(named.map(({ file }) => file)).toEqual(steps);
  });

  it("calls a function that the step's file defines", () => {
    for (const { file, run } of named) expect(code(text(join("steps", file)))).toMatch(new RegExp(`^function ${run} \\{$`, "m"));
  });

  it("begins with the settings and ends with the logon, which may wait for a person", () => {
    expect([named[0]!.name, named.at(-1)!.name]).toEqual(["settings", "logon"]);
  });
});

describe("fetch.ps1", () => {
  const fetch = text("fetch.ps1");

  it("leaves room in the user data", () => expect(Buffer.byteLength(fetch)).toBeLessThan(6 * 1024));

  it("parses as the block that user data and association make of it", () => {
    expect(broken(`& {\n${fetch.trimEnd()}\n} -ParameterName '/tss/dev/windows' -Region 'ap-northeast-1'\n`)).toEqual([]);
    expect(code(fetch).trimStart()).toMatch(/^\[CmdletBinding\(\)\]\nparam\(/);
  });

  it("compares the hash before it unpacks, and unpacks before it runs", () => {
    expect(code(fetch)).toMatch(
      /Get-FileHash[^]*if \(\$found -ne \$Bundle\.sha256\) \{[^}]*throw "[^]*Expand-Archive[^]*host\\converge\.ps1/,
    );
  });

  it("needs nothing of the bundle that it is to fetch", () => expect(code(fetch)).not.toMatch(/PSScriptRoot|lib\.ps1/));
});

describe("the kill switch", () => {
  const script = readFileSync(join(root, "hosts", "kill-switch", "kill-switch.ps1"), "utf8");
  const order = (name: string) =>
    commands(body(script, name))
      .map((command) => command.split(" ")[0]!)
      .filter((command) => command.endsWith("-ScheduledTask"));

  it.each(HOST_ACTIONS)("parses as the block that the document of %s makes of it", (action) => {
    const { runCommand } = documentContent(action).mainSteps[0]!.inputs;
    expect(broken(`${runCommand.join("\n")}\n`)).toEqual([]);
    expect(runCommand.at(-1)).toBe(`} -Action '${action}'`);
    expect(code(script).trimStart()).toMatch(/^\[CmdletBinding\(\)\]\nparam\(/);
  });

  it("disables every task before it stops the first (C-66)", () => {
    expect(order("Invoke-Halt")).toEqual(["Disable-ScheduledTask", "Stop-ScheduledTask"]);
    expect(body(script, "Invoke-Halt")).toMatch(/foreach [^]*?Disable-ScheduledTask[^]*?\n {2}\}\n {2}foreach [^]*?Stop-ScheduledTask/);
  });

  it("makes the stop file before anything else, and starts the watchdog alone, which asks before it starts anything", () => {
    expect(body(script, "Invoke-Halt").indexOf("$stopFile")).toBeLessThan(body(script, "Invoke-Halt").indexOf("Get-TaskInOrder"));
    expect(commands(script).filter((command) => command.startsWith("Start-ScheduledTask"))).toEqual([
      "Start-ScheduledTask -TaskName 'AXIA_Monitor'",
    ]);
  });

  it("names tasks that there are", () => {
    const names = [...new Set(script.match(/AXIA_\w+/g))].filter((name) => name !== "AXIA_");
    expect(Object.keys(windowsTasks(environment("dev")))).toEqual(expect.arrayContaining(names));
  });

  it("needs nothing of the bundle", () => expect(code(script)).not.toMatch(/PSScriptRoot|lib\.ps1/));
});

describe("the rotation of the logon", () => {
  const script = text("rotate-logon.ps1");

  it.each(LOGON_ACTIONS)(
    "the document of %s runs the bundle's own program, with what that program takes, and ends as it does",
    (action) => {
      const { runCommand } = logonDocument(action).mainSteps[0]!.inputs;
      expect(broken(`${runCommand.join("\n")}\n`)).toEqual([]);
      expect(commands(runCommand[0]!)).toEqual([
        String.raw`powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$env:ProgramData\tss\host\rotate-logon.ps1" -Action '${action}'`,
      ]);
      expect(runCommand.slice(1)).toEqual(["exit $LASTEXITCODE"]);
      expect(/\[ValidateSet\(([^)]*)\)\]/.exec(script)![1]).toContain(`'${action}'`);
    },
  );

  it("reads the version that is to be, proves it by what the converge sets, and prints neither", () => {
    const rotation = body(script, "Invoke-Rotation");
    expect(commands(rotation).filter((command) => command.startsWith("Get-LogonCredential"))).toEqual([
      "Get-LogonCredential -Settings $Context.Settings -Stage 'AWSPENDING'",
    ]);
    expect(rotation.indexOf("first-logon")).toBeLessThan(rotation.indexOf("Get-LogonCredential"));
    expect(commands(script).filter((command) => /credential/i.test(command) && /^(Write|return|Out)/.test(command))).toEqual([]);
    expect(commands(body(text("steps/80-logon.ps1"), "Save-Logon"))).toContain("Get-LogonGap -Credential $Credential");
  });

  it("is never in the middle of a converge, which would set what is current, nor a converge in the middle of it", () => {
    const lock = /\[System\.Threading\.Mutex\]::new\(\$false, '(Global\\[\w-]+)'/;
    expect(lock.exec(code(script))?.[1]).toBe(lock.exec(code(text("fetch.ps1")))![1]);
    // Nothing of either action happens outside of it, and it has time for the rest of what the document gives it.
    expect(commands(script).filter((command) => command.startsWith("Invoke-Rotation"))).toEqual([
      "Invoke-Rotation -Context $context -Action $Action",
    ]);
    expect(code(script)).toContain("Invoke-WithoutConverge -Body { Invoke-Rotation -Context $context -Action $Action }");
    const { timeoutSeconds } = logonDocument("set").mainSteps[0]!.inputs;
    expect(Number(/\[int\] \$Seconds = (\d+)/.exec(script)![1])).toBeLessThan(Number(timeoutSeconds) / 2);
  });

  it("takes what is current for all others", () => expect(code(text("steps/80-logon.ps1"))).toContain("[string] $Stage = 'AWSCURRENT'"));
});

describe("the machine's settings", () => {
  const step = text("steps/20-environment.ps1");

  it("tell Streamlit that nobody is there to give it an e-mail address", () =>
    expect(step).toContain("STREAMLIT_SERVER_HEADLESS = 'true'"));

  it("open the UI's port by one rule, found again by its name", () => {
    const names = commands(step)
      .filter((command) => /^\w+-NetFirewallRule/.test(command))
      .map((command) => /^(\S+)(?: -Name (\S+))?/.exec(command)!.slice(1));
    expect(names).toEqual([
      ["Get-NetFirewallRule", "$name"],
      ["Remove-NetFirewallRule", "$name"],
      ["New-NetFirewallRule", "$name"],
    ]);
    expect(commands(step).find((command) => command.startsWith("New-NetFirewallRule"))).toContain(
      "-Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port",
    );
    expect(step).toContain("Open-UserInterfacePort -Port $Context.Settings.ui.port");
  });

  it("log Administrator on at a start and after a log-off", () => {
    expect(code(text("steps/80-logon.ps1"))).toContain(
      "@{ AutoAdminLogon = '1'; ForceAutoLogon = '1'; DefaultUserName = $user; DefaultDomainName = '.' }",
    );
  });
});

describe("a session", () => {
  const desktop = (file: string, name: string) => commands(body(text(file), name)).filter((command) => command.startsWith("Get-"));

  it("is one of a desktop, not of a service", () => {
    expect(body(text("lib.ps1"), "Get-DesktopProcess")).toContain("$_.SessionId -gt 0");
    expect(desktop("steps/80-logon.ps1", "Test-Session")).toEqual(["Get-DesktopProcess -Name 'explorer', 'terminal64'"]);
    expect(desktop("monitor_services.ps1", "Get-Mt5ConnectionStatus")[0]).toMatch(/^Get-DesktopProcess -Name 'terminal64'/);
  });

  it("must have been there once before any trading task starts", () => {
    expect(body(text("lib.ps1"), "Get-StartRefusal")).toMatch(/^[^]*?'first-logon'[^]*?return[^]*?stopFile[^]*?Get-KillSwitchState/);
    for (const file of scripts.filter((file) => file.startsWith("hosts/windows"))) {
      const source = code(readFileSync(join(root, file), "utf8"));
      const started = commands(source).filter(
        (command) => command.startsWith("Start-ScheduledTask") && !command.includes("'AXIA_Monitor'"),
      );
      if (started.length > 0)
        expect([file, source]).toEqual([file, expect.stringContaining("$refusal = Get-StartRefusal -Context $Context") as unknown]);
    }
  });
});

describe("an update of the wheels", () => {
  const step = text("steps/50-python.ps1");

  it("leaves the watchdog running, which is stopped only where it is started again at once", () => {
    const stops = scripts.flatMap((file) =>
      commands(readFileSync(join(root, file), "utf8"))
        .filter((command) => command.startsWith("Stop-ScheduledTask"))
        .map((command) => [file, command]),
    );
    // The kill switch's own stop is another matter.
    expect(stops.filter(([file]) => file !== "hosts/kill-switch/kill-switch.ps1")).toEqual([
      ["hosts/windows/steps/70-tasks.ps1", "Stop-ScheduledTask -TaskName 'AXIA_Monitor'"],
    ]);
    expect(body(text("steps/70-tasks.ps1"), "Invoke-WatchdogRestart")).toMatch(
      /Stop-ScheduledTask -TaskName 'AXIA_Monitor'[^]*Start-ScheduledTask -TaskName 'AXIA_Monitor'/,
    );
  });

  it("works in a folder of its own, and changes .venv last, when nothing runs in it", () => {
    expect(body(step, "Invoke-Pip")).not.toContain(".venv");
    expect(body(step, "Invoke-PythonStep")).toMatch(
      /Get-RunningPythonTask[^]*Invoke-Pip -Context \$Context -Folder \$environment [^]*Get-RunningPythonTask[^]*postponed[^]*Switch-VirtualEnvironment[^]*Save-State -Context \$Context -Name 'python' -Value \$wanted/,
    );
  });
});

describe("the watchdog", () => {
  const monitor = text("monitor_services.ps1");

  it("watches the documented tasks (WIN-038)", () => {
    expect(monitor).toContain("@('AXIA_Streamlit', 'AXIA_Order_Manager', 'AXIA_MT5')");
    expect(monitor).toContain("function Monitor-AXIAServices");
  });

  it("starts tasks in one place only, after it asked whether it may (C-66)", () => {
    expect(commands(monitor).filter((command) => command.startsWith("Start-ScheduledTask"))).toHaveLength(1);
    expect(code(monitor)).toMatch(
      /\$refusal = Get-StartRefusal [^\n]+\n[^]*if \(\$refusal\) \{\n[^\n]*\n\s*continue\n[^]*Start-ScheduledTask/,
    );
  });
});

describe("cloudwatch-agent.json", () => {
  const template = text("cloudwatch-agent.json");
  const agent = JSON.parse(template) as {
    agent: object;
    metrics: { namespace: string; metrics_collected: Record<string, object>; aggregation_dimensions: string[][] };
    logs: { logs_collected: Record<"files" | "windows_events", { collect_list: Record<string, unknown>[] }> };
  };
  const dimensions = { Environment: "{environment}", Host: "{host}" };
  const logs = String.raw`C:\Users\Administrator\Projects\axia-tss\logs`;

  it("sends the application's logs to the documented streams (OBS-001)", () => {
    expect(agent.logs.logs_collected.files.collect_list).toEqual(
      ["order_processor", "data_collector", "streamlit_app"].map((name) => ({
        file_path: `${logs}\\${name}.log`,
        log_group_name: "{applicationLogGroup}",
        log_stream_name: name,
        timezone: "UTC",
      })),
    );
  });

  it("sends Windows' events to the documented streams (OBS-002), Security's excepted", () => {
    const events = (event_name: string, log_stream_name: string, event_levels: string[]) => ({
      event_name,
      event_levels,
      event_format: "text",
      log_group_name: "{systemLogGroup}",
      log_stream_name,
    });
    const bad = ["WARNING", "ERROR", "CRITICAL"];
    expect(agent.logs.logs_collected.windows_events.collect_list).toEqual([
      events("System", "windows_event_log", bad),
      events("Application", "windows_event_log", bad),
      events("Microsoft-Windows-TaskScheduler/Operational", "task_scheduler", ["INFORMATION", ...bad]),
    ]);
  });

  it("leaves retention to Terraform", () => expect(template).not.toContain("retention"));

  it("publishes disk and memory under the two dimensions of the alarms alone", () => {
    const counter = (name: string, rename: string) => ({
      measurement: [{ name, rename, unit: "Percent" }],
      metrics_collection_interval: 60,
      append_dimensions: dimensions,
    });
    expect(agent.metrics).toEqual({
      namespace: "{metricNamespace}",
      metrics_collected: {
        LogicalDisk: { ...counter("% Free Space", "DiskFreePercent"), resources: ["C:"] },
        Memory: counter("% Committed Bytes In Use", "MemoryUtilization"),
      },
      aggregation_dimensions: [["Environment", "Host"]],
    });
    // The agent's own dimension "host" differs from "Host" in its case only.
    expect(agent.agent).toEqual({ metrics_collection_interval: 60, omit_hostname: true });
  });

  it("has no placeholder but those that the converge fills and the agent's own", () => {
    const filled = [...text("steps/60-cloudwatch.ps1").matchAll(/^ {4}(\w+) = \$Settings\./gm)].map(([, name]) => name!);
    const used = new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
    expect([...used].sort()).toEqual([...filled, "instance_id"].sort());
  });
});
