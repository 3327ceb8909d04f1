/**
 * What went wrong, said so that its reader can act: what, where, what to do. `exit` is the process's exit code:
 * 1 something is incomplete, 2 usage or configuration, 3 integrity.
 */
export class TickmarkError extends Error {
  readonly code: string;
  readonly exit: 1 | 2 | 3;

  constructor(code: string, message: string, { exit = 2, cause }: { readonly exit?: 1 | 2 | 3; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.name = new.target.name;
    this.code = code;
    this.exit = exit;
  }
}

/** A file, a flag or a variable is not what it must be. */
export class ConfigurationError extends TickmarkError {
  constructor(message: string, cause?: unknown) {
    super('CONFIGURATION', message, { exit: 2, cause });
  }
}

/** The log, a payload or the database is not what was sealed. Nothing may be built on it. */
export class IntegrityError extends TickmarkError {
  constructor(code: string, message: string, cause?: unknown) {
    super(code, message, { exit: 3, cause });
  }
}

/** A source did not tell all: a page missing, a refusal, a time-out. The run is recorded as incomplete, with this reason. */
export class IncompleteError extends TickmarkError {
  constructor(message: string, cause?: unknown) {
    super('INCOMPLETE', message, { exit: 1, cause });
  }
}
