import type { ReactNode } from 'react';
import { Form, HELD } from '../parts/Form.tsx';
import './acts.css';

/** Why what could be done cannot be done now; nothing where it can. */
export const Held = ({ because, id }: { readonly because: string | null; readonly id?: string }) =>
  because === null ? null : (
    <p className="held-why" role="note" id={id}>
      {because}
    </p>
  );

/** The same for all acts of a panel. */
export const PanelHeld = ({ because }: { readonly because: string | null }) => <Held because={because} id={HELD} />;

/** One act that asks something: a summary that opens, its fields, and the button that does it. The panel around it says why where it cannot be done. */
export const ActForm = ({
  title,
  says,
  children,
  ...form
}: {
  readonly title: string;
  /** What it does, and what it makes. */
  readonly says: string;
  readonly button: string;
  readonly busy: boolean;
  readonly held: string | null;
  readonly ready?: boolean;
  readonly onDo: () => void;
  readonly children: ReactNode;
}) => (
  <details className="act-form" name="acts">
    <summary>{title}</summary>
    <Form {...form} className={undefined}>
      <p className="faint">{says}</p>
      {children}
    </Form>
  </details>
);
