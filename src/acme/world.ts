import { endOfDay, localDate, startOfDay } from '../core/calendar.ts';
import { days, hours, type Instant } from '../core/instant.ts';

/** A made-up person. Nobody is meant. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly login: string;
  readonly department: string;
  readonly title: string;
  readonly type: 'employee' | 'contractor';
  readonly manager: string | null;
  readonly timezone: string;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
}

interface Dates {
  readonly from: string;
  /** The day after the last one. */
  readonly to: string;
}

/** Everything that is so at Acme, as functions of time. The last day is the only thing that is not fixed. */
export interface World {
  /** Start of the last day, UTC. */
  readonly lastDay: Instant;
  /** Start of the first day that is told of: eight months before. */
  readonly firstDay: Instant;
  /** Local dates: when Acme got ready, and then the half year of the calendar that is observed, of which five to six months have passed. */
  readonly periods: { readonly ready: Dates; readonly observed: Dates };
  /** When the tools of the office were connected too, ten days before the half year that is observed. */
  readonly connectedAt: Instant;
  /** When what runs and what was built were connected, and the tokens that may reach the code. */
  readonly watchedAt: Instant;
  readonly people: readonly Person[];
  /** So many days before the last one, at an hour. */
  ago(days: number, hour?: number): Instant;
}

const FIRST = [
  'Amara',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Keiko',
  'Liam',
  'Maria',
  'Noor',
  'Oskar',
  'Priya',
  'Quentin',
  'Rosa',
  'Sven',
  'Tomas',
  'Uma',
  'Viktor',
  'Wanda',
  'Xenia',
  'Yusuf',
  'Zoe',
  'Anton',
  'Bela',
  'Cora',
  'Dario',
];
const LAST = [
  'Okafor',
  'Lindqvist',
  'Raman',
  'Haddad',
  'Duarte',
  'Novak',
  'Whitfield',
  'Sato',
  'Moreau',
  'Keller',
  'Ferrari',
  'Olsen',
  'Kaya',
  'Brandt',
  'Silva',
  'Petrov',
  'Jansen',
  'Costa',
  'Weber',
  'Nilsen',
];
const DEPARTMENTS = ['Engineering', 'Engineering', 'Engineering', 'Product', 'Support', 'Sales', 'Finance', 'People'];
const ZONES = ['Europe/Berlin', 'Europe/Berlin', 'Europe/Lisbon', 'America/New_York'];
const COUNT = 60;
const HISTORY = 250;

/** Who leaves, so many days before the last day. */
export const LEAVERS: Readonly<Record<number, number>> = { 4: 380, 9: 330, 13: 290, 17: 240, 21: 200, 22: 120, 26: 95, 30: 70, 35: 45, 38: 30, 41: 20, 25: 6 };
/** Who joined last, so many days before the last day. */
export const JOINERS: Readonly<Record<number, number>> = {
  42: 400,
  43: 370,
  44: 340,
  45: 310,
  46: 280,
  47: 250,
  48: 225,
  49: 190,
  50: 165,
  51: 140,
  52: 118,
  53: 100,
  54: 80,
  55: 62,
  56: 48,
  57: 33,
  58: 19,
  59: 5,
};

export function makeWorld(lastDay: Instant): World {
  const day = Math.floor(lastDay / days(1)) * days(1);
  const ago = (count: number, hour = 0) => day - days(count) + hours(hour);
  const date = (count: number) => localDate(ago(count, 12), 'UTC');
  const people = Array.from({ length: COUNT }, (_, place): Person => {
    const [first, last] = [FIRST[place % FIRST.length] ?? '', LAST[(place * 7) % LAST.length] ?? ''];
    const login = `${first}.${last}`.toLowerCase();
    const department = place === 0 ? 'Executive' : (DEPARTMENTS[place % DEPARTMENTS.length] ?? '');
    const timezone = ZONES[place % ZONES.length] ?? 'UTC';
    const startDate = date(JOINERS[place] ?? 500 + place * 11);
    const endDate = LEAVERS[place] === undefined ? null : date(LEAVERS[place] + 1);
    return {
      id: `W-${String(place + 1).padStart(3, '0')}`,
      name: `${first} ${last}`,
      email: `${login}@acme.example`,
      login: `${first}-${last}`.toLowerCase(),
      department,
      title: place === 0 ? 'Chief executive' : `${department} ${place % 5 === 0 ? 'lead' : 'specialist'}`,
      type: place % 10 === 8 ? 'contractor' : 'employee',
      manager: place === 0 ? null : `W-${String((place % 6) + 1).padStart(3, '0')}`.replace(`W-${String(place + 1).padStart(3, '0')}`, 'W-001'),
      timezone,
      startDate,
      endDate,
      startAt: startOfDay(startDate, timezone),
      endAt: endDate === null ? null : endOfDay(endDate, timezone),
    };
  });
  const [year, month] = [new Date(ago(145)).getUTCFullYear(), new Date(ago(145)).getUTCMonth()];
  const [from, to] = [Date.UTC(year, month, 1), Date.UTC(year, month + 6, 1)];
  const [ready, observed] = [
    { from: date(HISTORY), to: localDate(from, 'UTC') },
    { from: localDate(from, 'UTC'), to: localDate(to, 'UTC') },
  ];
  return { lastDay: day, firstDay: ago(HISTORY), periods: { ready, observed }, connectedAt: from - days(10), watchedAt: ago(9), people, ago };
}

/** When the configuration of Acme was first written and, in order, each time more sources were connected. */
export const configuredAt = ({ firstDay, connectedAt, watchedAt }: World): readonly Instant[] => [firstDay, connectedAt, watchedAt];

export const person = ({ people }: World, place: number): Person => {
  const found = people[place];
  if (!found) throw new RangeError(`Acme has no person ${place}`);
  return found;
};

/** Engineers work in GitHub. */
export const isEngineer = ({ department }: Person): boolean => department === 'Engineering';
