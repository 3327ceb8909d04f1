import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

/** Does something, says what came of it, and asks again for what is shown. */
export function useAct() {
  const client = useQueryClient();
  const [said, setSaid] = useState<{ readonly problem: boolean; readonly says: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async <Out,>(doing: Promise<Out>, done: (out: Out) => string): Promise<Out | null> => {
    setBusy(true);
    try {
      const out = await doing;
      setSaid({ problem: false, says: done(out) });
      await client.invalidateQueries();
      return out;
    } catch (error) {
      setSaid({ problem: true, says: error instanceof Error ? error.message : String(error) });
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { act, busy, said };
}

export const ActSaid = ({ said }: { readonly said: ReturnType<typeof useAct>['said'] }): ReactNode =>
  said && (
    <p className={said.problem ? 'wrong' : 'done'} role={said.problem ? 'alert' : 'status'}>
      {said.says}
    </p>
  );
