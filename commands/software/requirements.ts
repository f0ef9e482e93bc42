/** What the trading application needs, and the requirements file that pip installs it from. */
import type { Entry } from "./lock-files";

export const REQUIREMENTS = "hosts/windows/requirements.txt";

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

/** What a pin pulls in, kept below a version that does not work with the pins. */
export const UPPER_LIMITS: Readonly<Record<string, string>> = {
  // Its metadata does not say so, but at import it refuses any NumPy below 2.
  "pyarrow<26": "imports only with NumPy 2, and NumPy 1.24.3 is pinned",
};

/** Recorded addresses are PyPI's own, never those of a mirror near this machine. */
const FILES = "https://files.pythonhosted.org/packages/";

/** What `pip install --report` says of a resolution. */
export interface PipReport {
  readonly install: readonly {
    readonly metadata: { readonly name: string; readonly version: string };
    readonly download_info: { readonly url: string; readonly archive_info?: { readonly hashes?: { readonly sha256?: string } } };
  }[];
}

/** @throws when a file does not come from PyPI, is no wheel or has no hash */
export function entriesOf({ install }: PipReport): Entry[] {
  return install.map(({ metadata: { name, version }, download_info: { url, archive_info } }): Entry => {
    const sha256 = archive_info?.hashes?.sha256;
    if (!url.startsWith(FILES) || !url.endsWith(".whl") || !sha256) throw new Error(`${name} ${version} is no wheel of PyPI with a hash: ${url}`);
    return { name: name.toLowerCase().replaceAll(/[-_.]+/g, "-"), version, file: decodeURIComponent(url.slice(url.lastIndexOf("/") + 1)), source: url, sha256 };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** requirements.txt of some wheels; pip installs nothing else than these files. */
export function requirementsText(wheels: readonly Entry[]): string {
  const blocks = wheels.map(({ name, version, sha256 }) => {
    const reason = DOCUMENTED_PINS[`${name}==${version}`];
    return [...(reason ? [`# ${reason}`] : []), `${name}==${version} \\`, `    --hash=sha256:${sha256}`].join("\n");
  });
  return `${["# Made by `npm run software -- wheels`, together with wheels.json; not edited by hand.", ...blocks].join("\n")}\n`;
}
