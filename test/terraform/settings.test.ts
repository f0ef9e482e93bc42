import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { findMirror, terraformSettings } from "../../terraform/settings";

const machine = `${platform()}_${arch() === "x64" ? "amd64" : arch()}`;

/** A machine with nothing on it but what a test puts there. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mirror-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const home = () => join(folder, "home");
const roots = () => [join(folder, "opt"), join(folder, "srv")];
const settings = (variables: Record<string, string> = {}) => terraformSettings(join(folder, "generated"), variables, home(), roots());

function makeMirror(directory: string, { version = "5.100.0", packed = false } = {}): string {
  const provider = join(directory, "registry.terraform.io", "hashicorp", "aws");
  mkdirSync(packed ? provider : join(provider, version, machine), { recursive: true });
  if (packed) writeFileSync(join(provider, `terraform-provider-aws_${version}_${machine}.zip`), "");
  return directory;
}

describe("a machine without a registry", () => {
  it.each([
    ["unpacked", false],
    ["packed", true],
  ])("finds an %s mirror one level below a root for add-on software", (_, packed) => {
    const mirror = makeMirror(join(folder, "opt", "providers"), { packed });
    expect(findMirror({}, home(), roots())).toBe(mirror);
  });

  it("finds Terraform's implied directories first", () => {
    makeMirror(join(folder, "opt", "providers"));
    const implied = makeMirror(join(home(), ".terraform.d", "plugins"));
    expect(findMirror({}, home(), roots())).toBe(implied);
  });

  it("takes TF_PROVIDER_MIRROR before any other, and refuses one that holds no provider of ours", () => {
    makeMirror(join(folder, "opt", "providers"));
    const named = makeMirror(join(folder, "elsewhere"));
    expect(findMirror({ TF_PROVIDER_MIRROR: named }, home(), roots())).toBe(named);
    expect(() => findMirror({ TF_PROVIDER_MIRROR: folder }, home(), roots())).toThrow(/TF_PROVIDER_MIRROR is .*5\.100\.0/);
  });

  it("does not take a mirror of another version", () => {
    makeMirror(join(folder, "opt", "providers"), { version: "5.99.0" });
    expect(findMirror({}, home(), roots())).toBeUndefined();
  });

  it("generates a CLI configuration that takes only what the mirror holds from it, skips the provider lock, and says so", () => {
    const mirror = makeMirror(join(folder, "srv", "terraform"));
    const { variables, cdktfFlags, note } = settings({ TF_CLI_CONFIG_FILE: join(folder, "missing") });
    expect(variables.TF_CLI_CONFIG_FILE).toBe(join(folder, "generated", "terraform.rc"));
    const text = readFileSync(variables.TF_CLI_CONFIG_FILE!, "utf8");
    expect(text).toContain(`path    = ${JSON.stringify(mirror)}`);
    expect(text).toContain('include = ["registry.terraform.io/hashicorp/aws"]');
    expect(text).toContain('exclude = ["registry.terraform.io/hashicorp/aws"]');
    expect(cdktfFlags).toEqual(["--skip-provider-lock"]);
    expect(note).toContain(mirror);
  });
});

describe("a machine that is set up", () => {
  it.each(["home", "variable"])("leaves a CLI configuration of the person's own alone (%s)", (where) => {
    makeMirror(join(folder, "opt", "providers"));
    mkdirSync(home());
    const file = join(home(), ".terraformrc");
    writeFileSync(file, "");
    const { variables, cdktfFlags, note } = settings(where === "variable" ? { TF_CLI_CONFIG_FILE: file } : {});
    expect(variables).not.toHaveProperty("TF_CLI_CONFIG_FILE");
    expect(cdktfFlags).toEqual([]);
    expect(note).toBeUndefined();
  });

  it("uses the registry when there is no mirror, without the variable that names a missing file", () => {
    const { variables, cdktfFlags } = settings({ TF_CLI_CONFIG_FILE: join(folder, "missing") });
    expect(variables).toHaveProperty("TF_CLI_CONFIG_FILE", undefined);
    expect(cdktfFlags).toEqual([]);
  });
});
