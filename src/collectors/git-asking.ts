import type { Artifact, GitSource } from './source.ts';

/** Asks a clone, and remembers what it answered: what is asked next depends on the answers before. */
export function askingGit(source: GitSource): { readonly asked: readonly Artifact[]; ask(name: string, ...args: readonly string[]): Promise<Artifact> } {
  const asked: Artifact[] = [];
  return {
    asked,
    async ask(name, ...args) {
      const artifact = await source.run(name, args);
      asked.push(artifact);
      return artifact;
    },
  };
}
