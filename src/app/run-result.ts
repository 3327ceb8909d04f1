/** What one run of one partition of a source gave. */
export interface RunResult {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
  readonly complete: boolean;
  /** How many rows it gave, by dataset. Empty of an incomplete run. */
  readonly rows: Readonly<Record<string, number>>;
  /** Index in the log. */
  readonly record: number;
  readonly reason: string | null;
}
