/** Where the project is. A bundle cannot tell from its own address. */
export interface Project {
  /** Folder of the repository. */
  readonly root: string;
  /** Python of the emulator's virtual environment. */
  readonly python: string;
}
