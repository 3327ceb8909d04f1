import { useState } from 'react';
import { Form, InputField } from '../../parts/Form.tsx';
import type { Alerts, Editor } from './alerts.ts';

/** When nobody is disturbed, and when what was answered is asked about again. */
export function TimesForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const { quiet, resume = '', reopen = '', recheck = {} } = editor.alerts;
  const [its, set] = useState({
    ...{ from: quiet?.from ?? '', to: quiet?.to ?? '', weekends: quiet?.weekends ?? false },
    ...{ resume, reopen, real: recheck.real ?? '', other: recheck.other ?? '' },
  });
  const put = (part: Partial<typeof its>) => set({ ...its, ...part });
  const go = async () => {
    const said = (text: string) => (text.trim() === '' ? undefined : text.trim());
    const again = { ...(said(its.real) === undefined ? {} : { real: its.real.trim() }), ...(said(its.other) === undefined ? {} : { other: its.other.trim() }) };
    const next = {
      quiet:
        said(its.from) === undefined && said(its.to) === undefined
          ? undefined
          : { from: its.from.trim(), to: its.to.trim(), ...(its.weekends ? { weekends: true } : {}) },
      resume: said(its.resume),
      reopen: said(its.reopen),
      recheck: Object.keys(again).length === 0 ? undefined : again,
    };
    if (await editor.save(next as Partial<Alerts>, 'These times are in force.')) onDone();
  };
  return (
    <Form button="Save the times" busy={editor.busy} onDo={() => void go()}>
      <InputField
        name="Quiet from"
        id="quiet-from"
        isShort
        placeholder="22:00"
        hint={`In the time zone of the company, ${editor.timezone}. Empty: nobody is spared.`}
        value={its.from}
        onChange={(from) => put({ from })}
      />
      <InputField name="Quiet to" id="quiet-to" isShort placeholder="07:00" value={its.to} onChange={(to) => put({ to })} />
      <label className="checked">
        <input type="checkbox" checked={its.weekends} onChange={({ target }) => put({ weekends: target.checked })} /> Saturdays and Sundays are quiet as a whole
      </label>
      <InputField
        name="Acknowledged and not resolved: asked about again after"
        id="time-resume"
        isShort
        placeholder="8h"
        value={its.resume}
        onChange={(text) => put({ resume: text })}
      />
      <InputField
        name="The same cause again reopens the alert within"
        id="time-reopen"
        isShort
        placeholder="24h"
        value={its.reopen}
        onChange={(text) => put({ reopen: text })}
      />
      <InputField
        name="Resolved as real: evidence that it is gone is waited for"
        id="time-real"
        isShort
        placeholder="36h"
        value={its.real}
        onChange={(real) => put({ real })}
      />
      <InputField
        name="Resolved as false or benign: that stands for"
        id="time-other"
        isShort
        placeholder="30d"
        value={its.other}
        onChange={(other) => put({ other })}
      />
    </Form>
  );
}
