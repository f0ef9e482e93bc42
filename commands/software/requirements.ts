/** What the hosts' Python needs, and the requirements files that pip installs it from. */
import type { Entry } from "./lock-files";

export const REQUIREMENTS = {
  windows: "hosts/windows/requirements.txt",
  engine: "hosts/linux/engine/requirements.txt",
  research: "hosts/research/requirements.txt",
} as const;

/** The documented pins, each with the requirement that asks for it. */
export const DOCUMENTED_PINS: Readonly<Record<string, string>> = {
  "streamlit==1.28.1": "WIN-012",
  "pandas==2.0.3": "WIN-013",
  "numpy==1.24.3": "WIN-014",
  "plotly==5.17.0": "WIN-015",
  "boto3==1.29.7": "WIN-016",
  "redis==4.5.4": "WIN-017",
  "msgpack==1.0.5": "WIN-018",
  "metatrader5==5.0.45": "WIN-019",
  "yfinance==0.2.18": "WIN-020",
};

/** What analysis, backtests and model work need (RES-001): the trading software's own versions, what reads Parquet (DAT-045), and what a kernel is. */
export const RESEARCH_REQUIREMENTS: readonly string[] = [
  ...Object.keys(DOCUMENTED_PINS).filter((pin) => /^(boto3|msgpack|numpy|pandas|plotly|redis)==/.test(pin)),
  "ipykernel",
  "pyarrow",
  "scikit-learn",
];

/** What a pin pulls in, kept below a version that does not work with the pins. */
export const UPPER_LIMITS: Readonly<Record<string, string>> = {
  // Its metadata does not say so, but at import it refuses any NumPy below 2.
  "pyarrow<26": "imports only with NumPy 2, and NumPy 1.24.3 is pinned",
};

/** What `pip install --report` says of a resolution. */
export interface PipReport {
  readonly install: readonly {
    readonly metadata: { readonly name: string; readonly version: string };
    readonly download_info: { readonly url: string; readonly archive_info?: { readonly hashes?: { readonly sha256?: string } } };
  }[];
}

/** @throws when a file is no wheel or has no hash */
export function entriesOf({ install }: PipReport): Entry[] {
  return install
    .map(({ metadata: { name, version }, download_info: { url, archive_info } }): Entry => {
      const sha256 = archive_info?.hashes?.sha256;
      const file = decodeURIComponent(new URL(url).pathname.split("/").at(-1)!);
      if (!file.endsWith(".whl") || !sha256) throw new Error(`${name} ${version} is no wheel with a hash: ${file}`);
      return { name: name.toLowerCase().replaceAll(/[-_.]+/g, "-"), version, file, sha256 };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * requirements.txt of some wheels; pip installs nothing else than these files.
 * @param of what they were resolved for. The engine's host looks there for its source's requirements.txt, by `SHA-256 <hash>`
 */
export function requirementsText(wheels: readonly Entry[], of: string): string {
  const blocks = wheels.map(({ name, version, sha256 }) => {
    const reason = DOCUMENTED_PINS[`${name}==${version}`];
    return [...(reason ? [`# ${reason}`] : []), `${name}==${version} \\`, `    --hash=sha256:${sha256}`].join("\n");
  });
  return `${[`# Made by \`npm run software -- wheels\`, together with wheels.json, for ${of}; not edited by hand.`, ...blocks].join("\n")}\n`;
}
