/**
 * Calls that come while one runs share the one after it: what they are given began after they asked, so that whoever
 * has just changed something sees it.
 */
export function together<Result>(act: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | null = null;
  let next: Promise<Result> | null = null;
  const begin = (): Promise<Result> => {
    const its = act().finally(() => {
      if (running === its) running = null;
    });
    running = its;
    return its;
  };
  return () => {
    if (!running) return begin();
    next ??= running
      .catch(() => undefined) // whoever asked for that one is told
      .then(() => {
        next = null;
        return begin();
      });
    return next;
  };
}
