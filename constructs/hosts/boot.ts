/** How a host comes to its bundle: on the first boot by its user data, later by State Manager. */
import { hostText } from "./host-files";

/** What EC2 takes as user data, in bytes before they are encoded. */
export const USER_DATA_LIMIT = 16_384;

export interface Boot {
  /** Text for EC2. */
  readonly userData: string;
  /** The same commands for the association's document, and the plugin of Systems Manager's agent that runs them. */
  readonly script: string;
  readonly run: "aws:runPowerShellScript" | "aws:runShellScript";
  /** Device of the root volume, as the image names it. */
  readonly rootDevice: string;
}

/** Where the host reads what it is to be. */
export interface BootProps {
  /** Path of the SSM parameter. */
  readonly parameterName: string;
  readonly region: string;
}

/** Windows: PowerShell, wrapped for EC2Launch (WIN-006). */
export function windowsBoot({ parameterName, region }: BootProps): Boot {
  const script = `& {\n${hostText("windows/fetch.ps1").trimEnd()}\n} -ParameterName '${parameterName}' -Region '${region}'\n`;
  return boot({ script, userData: `<powershell>\n${script}</powershell>\n`, run: "aws:runPowerShellScript", rootDevice: "/dev/sda1" });
}

/** Of a Windows host that must never trade: its stop file is there before anything else is. @throws Error as any boot */
export const withStopFile = ({ script }: Boot): string => {
  const stop = String.raw`New-Item -ItemType Directory -Path "$env:ProgramData\tss" -Force | Out-Null; New-Item -ItemType File -Path "$env:ProgramData\tss\stop" -Force | Out-Null`;
  return checked(`<powershell>\n${stop}\n${script}</powershell>\n`);
};

/** Amazon Linux: cloud-init writes the script and runs it. */
export function linuxBoot({ parameterName, region }: BootProps): Boot {
  const fetch = hostText("linux/engine/fetch.sh");
  const userData = hostText("linux/engine/cloud-init.yaml")
    .replace(/^( *)@FETCH_SH@$/m, (_, indent: string) =>
      fetch
        .trimEnd()
        .split("\n")
        .map((line) => (line === "" ? "" : indent + line))
        .join("\n"),
    )
    .replaceAll("@PARAMETER_NAME@", parameterName)
    .replaceAll("@REGION@", region);
  // The plugin hands the script to sh; it is written for bash.
  const script = `bash -s -- '${parameterName}' '${region}' <<'FETCH_SH'\n${fetch.trimEnd()}\nFETCH_SH\n`;
  return boot({ script, userData, run: "aws:runShellScript", rootDevice: "/dev/xvda" });
}

const boot = (parts: Boot): Boot => ({ ...parts, userData: checked(parts.userData) });

/** @throws Error when the user data is larger than EC2 takes */
function checked(userData: string): string {
  const bytes = Buffer.byteLength(userData);
  if (bytes > USER_DATA_LIMIT) throw new Error(`the user data has ${bytes} bytes; EC2 takes ${USER_DATA_LIMIT}`);
  return userData;
}
