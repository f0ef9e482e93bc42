import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { refuseUnlocked } from "../../commands/deploy";
import { LOCK_FILES } from "../../commands/software/lock-files";

const repository = resolve(__dirname, "..", "..");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "deploy-"));
  for (const file of LOCK_FILES) cpSync(join(repository, file), join(root, file), { recursive: true });
});
afterEach(() => { rmSync(root, { recursive: true }); });

const setHashes = (file: string, hash: (name: string) => string | null) => {
  const lock = JSON.parse(readFileSync(join(root, file), "utf8")) as { entries: { name: string; sha256: string | null }[] };
  writeFileSync(join(root, file), JSON.stringify({ entries: lock.entries.map((entry) => ({ ...entry, sha256: hash(entry.name) })) }));
};
const LOCKED = "0".repeat(64);

describe("a deploy of hosts", () => {
  it("is refused with every entry that is not locked, and with what to do", () => {
    setHashes("hosts/windows/software.json", (name) => (name === "metatrader5" || name === "application" ? null : LOCKED));
    setHashes("hosts/linux/engine/software.json", () => null);
    expect(() => { refuseUnlocked(root, { name: "prod", linuxEngine: {} as never }); }).toThrow(new RegExp([
      "^prod is not deployed: its hosts would refuse software that is not locked yet\\.",
      "  metatrader5 in hosts/windows/software\\.json", "  application in hosts/windows/software\\.json", "  engine-source in hosts/linux/engine/software\\.json",
      "Lock it with: npm run software -- lock prod .*docs/software\\.md",
    ].join("\\n"), "s"));
  });

  it("needs nothing of the engine where there is none", () => {
    setHashes("hosts/windows/software.json", () => LOCKED);
    setHashes("hosts/linux/engine/software.json", () => null);
    expect(() => { refuseUnlocked(root, { name: "dev" }); }).not.toThrow();
    expect(() => { refuseUnlocked(root, { name: "prod", linuxEngine: {} as never }); }).toThrow("engine-source");
  });
});
