import { told } from './told.ts';

/** A reason as a check or a source gave it, isolated, with its instants written as everywhere on the pages. */
export const Told = ({ of }: { readonly of: string }) => <bdi>{told(of)}</bdi>;
