import type { Command } from 'commander';
import type { Workspace } from '../app/views.ts';
import type { Output } from './output.ts';

/** What every command is given: where it works, and where it speaks. */
export interface Given {
  /** The workspace's folder, absolute. */
  readonly dir: string;
  readonly output: Output;
  /** Opens the workspace and closes it when the command is done, however it ends. */
  within<Result>(use: (workspace: Workspace) => Promise<Result>): Promise<Result>;
}

/** 0 done; 1 done, but something fails or is incomplete. Usage (2) and integrity (3) are thrown. */
export type Exit = 0 | 1;

/** Adds itself to the program. `run` wraps an action: options in, exit code out. */
export type AddCommand = (
  program: Command,
  run: <Options>(action: (given: Given, options: Options, ...words: string[]) => Promise<Exit>) => (...all: unknown[]) => Promise<void>,
) => void;
