import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

export type Live = 'live' | 'catching-up' | 'not-connected';

/** What a server tells while it runs. */
export interface Happening {
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

const listeners = new Set<(happening: Happening) => void>();

/** Calls with everything that is told while something is shown. */
export function useHappenings(heard: (happening: Happening) => void): void {
  useEffect(() => {
    listeners.add(heard);
    return () => void listeners.delete(heard);
  }, [heard]);
}

/** Listens to what happens, and asks again for what has changed. Figures of an instant that is held stay as they are: their answers do not change. */
export function useLive(): { readonly live: Live; readonly last: Happening | null } {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>('catching-up');
  const [last, setLast] = useState<Happening | null>(null);
  useEffect(() => {
    const events = new EventSource('/api/events');
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Of many things that happen at once one question is made. */
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void client.invalidateQueries(), 250);
    };
    events.addEventListener('open', () => setLive('live'));
    events.addEventListener('error', () => setLive(events.readyState === EventSource.CLOSED ? 'not-connected' : 'catching-up'));
    const heard = ({ data }: MessageEvent<string>) => {
      setLive('live');
      const said = JSON.parse(data) as Happening;
      if (said.type === 'heartbeat') return;
      for (const listener of listeners) listener(said);
      if (said.type === 'asked') return; // it tells how far a run has come, and nothing stands otherwise by it
      setLast(said);
      again();
    };
    for (const type of ['message', 'posture', 'run', 'alert', 'statement', 'configuration', 'collection', 'job', 'asked', 'reset'])
      events.addEventListener(type, heard);
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, [client]);
  return { live, last };
}
