/** The scheduled tasks: valid by the Task Scheduler's schema, and every figure read back from the XML (WIN-026 … WIN-040). */
import { XMLParser } from "fast-xml-parser";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validateXML } from "xmllint-wasm";
import { taskXml, type ScheduledTask } from "../../constructs/hosts/scheduled-task";
import { windowsTasks } from "../../constructs/hosts/windows-tasks";
import { environment } from "../environments/edits";

const schema = readFileSync(join(__dirname, "task-scheduler-1.2.xsd"), "utf8");
const validate = async (xml: string) => (await validateXML({ xml, schema })).errors.map(({ message }) => message);

const dev = windowsTasks(environment("dev"));
const prod = windowsTasks(environment("prod"));
const PROJECT = String.raw`C:\Users\Administrator\Projects\axia-tss`;
const PYTHON = String.raw`${PROJECT}\.venv\Scripts\python.exe`;

interface TaskElement {
  readonly Task: {
    readonly version: string;
    readonly RegistrationInfo: { readonly Description: string };
    readonly Triggers: unknown;
    readonly Principals: { readonly Principal: unknown };
    readonly Settings: Readonly<Record<string, unknown>>;
    readonly Actions: { readonly Context: string; readonly Exec: unknown };
  };
}
const read = (task: ScheduledTask) =>
  (new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(taskXml(task)) as TaskElement).Task;

const SYSTEM = { id: "Author", UserId: "S-1-5-18", RunLevel: "HighestAvailable" };
const BOOT = { BootTrigger: { Enabled: true, StartBoundary: "2025-01-01T00:00:00Z" } };

describe("every task", () => {
  it("is one of the documented five", () => {
    for (const tasks of [dev, prod])
      expect(Object.keys(tasks)).toEqual(["AXIA_Streamlit", "AXIA_Order_Manager", "AXIA_Data_Collector", "AXIA_MT5", "AXIA_Monitor"]);
  });

  it.each(Object.entries({ ...dev, AXIA_Order_Manager_guarded: prod.AXIA_Order_Manager! }))(
    "%s is valid by the schema, version 1.2",
    async (_, task) => {
      expect(await validate(taskXml(task))).toEqual([]);
      expect(read(task).version).toBe("1.2");
    },
  );

  it.each([
    ["another version", (xml: string) => xml.replace('version="1.2"', 'version="1.9"')],
    ["the documented logon type", (xml: string) => xml.replace("<RunLevel>", "<LogonType>ServiceAccount</LogonType><RunLevel>")],
    [
      "the documented order of a trigger",
      (xml: string) => xml.replace(/(<Enabled>true<\/Enabled>)\s*(<StartBoundary>[^<]*<\/StartBoundary>)/, "$2$1"),
    ],
    ["a limit that is no duration", (xml: string) => xml.replace("PT0S", "0")],
  ])("the schema refuses %s", async (_, edit) => {
    const xml = taskXml(dev.AXIA_Streamlit!);
    expect(edit(xml)).not.toBe(xml);
    expect(await validate(edit(xml))).not.toEqual([]);
  });

  it.each(Object.entries(dev))("%s has the documented settings (WIN-029, C-67)", (name, task) => {
    expect(read(task).Settings).toEqual({
      MultipleInstancesPolicy: "IgnoreNew",
      DisallowStartIfOnBatteries: false,
      StopIfGoingOnBatteries: false,
      AllowHardTerminate: true,
      StartWhenAvailable: false,
      RunOnlyIfNetworkAvailable: false,
      ExecutionTimeLimit: "PT0S",
      Priority: 7,
      ...(name === "AXIA_Order_Manager" && { RestartOnFailure: { Interval: "PT10M", Count: 3 } }), // WIN-032
    });
  });
});

describe("triggers, principals and actions", () => {
  it("AXIA_Streamlit starts five minutes after boot, as SYSTEM (WIN-022, WIN-023, WIN-026 … WIN-030, C-47)", () => {
    const { RegistrationInfo, Triggers, Principals, Actions } = read(dev.AXIA_Streamlit!);
    expect(RegistrationInfo.Description).toBe("AXIA Streamlit UI Service");
    expect(Triggers).toEqual({ BootTrigger: { Enabled: true, StartBoundary: "2025-01-01T00:00:00Z", Delay: "PT5M" } });
    expect(Principals.Principal).toEqual(SYSTEM);
    expect(Actions).toEqual({
      Context: "Author",
      Exec: {
        Command: String.raw`${PROJECT}\.venv\Scripts\streamlit.exe`,
        Arguments: String.raw`run ${PROJECT}\src\presentation\ui\streamlit\app.py --server.port=8501 --server.address=0.0.0.0`,
        WorkingDirectory: PROJECT,
      },
    });
  });

  it("AXIA_Order_Manager starts at boot without delay, as SYSTEM, past the kill switch and once the terminal runs (WIN-031, WIN-037, C-66)", () => {
    const { Triggers, Principals, Actions } = read(dev.AXIA_Order_Manager!);
    expect(Triggers).toEqual(BOOT);
    expect(Principals.Principal).toEqual(SYSTEM);
    expect(Actions.Exec).toEqual({
      Command: PYTHON,
      Arguments: String.raw`-m tss_host run --after-terminal -- ${PYTHON} ${PROJECT}\src\presentation\cli\run_order_processor.py`,
      WorkingDirectory: PROJECT,
    });
  });

  it("AXIA_Order_Manager starts behind the leader guard where there is one (C-62)", () => {
    expect(read(prod.AXIA_Order_Manager!).Actions.Exec).toMatchObject({
      Command: PYTHON,
      Arguments: String.raw`-m tss_host guard -- ${PYTHON} -m tss_host run --after-terminal -- ${PYTHON} ${PROJECT}\src\presentation\cli\run_order_processor.py`,
    });
  });

  it("AXIA_Data_Collector runs at 22:00 UTC from Monday to Friday, as SYSTEM (WIN-033, WIN-034, C-46)", () => {
    const { Triggers, Principals, Actions } = read(dev.AXIA_Data_Collector!);
    expect(Triggers).toEqual({
      CalendarTrigger: {
        Enabled: true,
        StartBoundary: "2025-01-01T22:00:00Z",
        ScheduleByWeek: { WeeksInterval: 1, DaysOfWeek: { Monday: "", Tuesday: "", Wednesday: "", Thursday: "", Friday: "" } },
      },
    });
    expect(Principals.Principal).toEqual(SYSTEM);
    expect(Actions.Exec).toMatchObject({ Command: PYTHON, Arguments: String.raw`${PROJECT}\src\presentation\cli\run_data_collector.py` });
  });

  it("follows collector.cron", () => {
    const { AXIA_Data_Collector } = windowsTasks(environment("dev", { "collector.cron": "30 6 * * SAT,SUN" }));
    expect(read(AXIA_Data_Collector!).Triggers).toMatchObject({
      CalendarTrigger: { StartBoundary: "2025-01-01T06:30:00Z", ScheduleByWeek: { DaysOfWeek: { Sunday: "", Saturday: "" } } },
    });
  });

  it("AXIA_MT5 runs on Administrator's desktop when that user is logged on (WIN-036)", () => {
    const { Triggers, Principals, Actions } = read(dev.AXIA_MT5!);
    expect(Triggers).toEqual({ LogonTrigger: { Enabled: true, StartBoundary: "2025-01-01T00:00:00Z", UserId: "Administrator" } });
    expect(Principals.Principal).toEqual({
      id: "Author",
      UserId: "Administrator",
      LogonType: "InteractiveToken",
      RunLevel: "HighestAvailable",
    });
    expect(Actions.Exec).toEqual({
      Command: String.raw`C:\Program Files\MetaTrader 5\terminal64.exe`,
      WorkingDirectory: String.raw`C:\Program Files\MetaTrader 5`,
    });
  });

  it("AXIA_Monitor starts the watchdog at boot, as SYSTEM (WIN-038, WIN-040)", () => {
    const { Triggers, Principals, Actions } = read(dev.AXIA_Monitor!);
    expect(Triggers).toEqual(BOOT);
    expect(Principals.Principal).toEqual(SYSTEM);
    expect(Actions.Exec).toEqual({
      Command: String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`,
      Arguments: String.raw`-NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\ProgramData\tss\host\monitor_services.ps1`,
      WorkingDirectory: String.raw`C:\ProgramData\tss`,
    });
  });

  it("quotes a path with spaces", () => {
    const { AXIA_Order_Manager } = windowsTasks(
      environment("dev", { "windows.programs.orderManager": String.raw`C:\Order Manager\main.py` }),
    );
    expect(read(AXIA_Order_Manager!).Actions.Exec).toMatchObject({
      Arguments: String.raw`-m tss_host run --after-terminal -- ${PYTHON} "C:\Order Manager\main.py"`,
    });
  });

  it("escapes what XML keeps for itself", async () => {
    const xml = taskXml({ ...dev.AXIA_MT5!, description: "A & B < C" });
    expect(await validate(xml)).toEqual([]);
    expect(xml).toContain("A &amp; B &lt; C");
  });
});
