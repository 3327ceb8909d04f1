import type { AlertEvent } from '../datasets/alert/events.ts';

/** Alerts that somebody has to be woken for, and those of which nobody can tell. */
export const urgent = ({ severity }: Pick<AlertEvent, 'severity'>): boolean => ['critical', 'high', 'unknown'].includes(severity);
