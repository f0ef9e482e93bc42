import { AssetType, TerraformAsset } from "cdktf";
import type { Construct } from "constructs";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { projectFolder } from "../hosts/host-files";
import type { Chart } from "./release";

/** What no release takes anything of: the page for people, and values files, which are handed over by name. */
const NOT_INSTALLED = /^(README\.md|values\.[^/]+\.yaml)$/;

/** One of the project's own charts, below `charts/` (C-57). */
export class ChartFolder {
  private readonly folder: string;

  constructor(readonly name: string) {
    this.folder = join(projectFolder(), "charts", name);
  }

  /** Copies the chart beside the stack's JSON, so that what was synthesised is what is installed; another content is another path. */
  packaged(scope: Construct, id: string): Chart {
    const asset = new TerraformAsset(scope, id, { path: this.folder, type: AssetType.DIRECTORY, assetHash: this.hash() });
    // The version goes along: the provider takes a new one that it was not told of for an error (hashicorp/terraform-provider-helm#1664).
    return { path: `./${asset.path}`, version: /^version: (\S+)$/m.exec(readFileSync(join(this.folder, "Chart.yaml"), "utf8"))![1]! };
  }

  /** Of the paths and contents that are installed, in an order of their own: that of a folder's list depends on the machine. */
  private hash(): string {
    const files = readdirSync(this.folder, { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(join(this.folder, file)).isFile())
      .map((file) => file.split(sep).join("/"));
    const hash = createHash("sha256");
    for (const file of files.filter((name) => !NOT_INSTALLED.test(name)).sort())
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(this.folder, file)))
        .update("\0");
    return hash.digest("hex").slice(0, 32);
  }
}
