import type { Column } from './columns.ts';

/** How an export that a known product writes is read: which dataset its lines are rows of, and which column is which field. */
export interface Recipe {
  readonly dataset: string;
  /** Where the export comes from, and what has to be in it. */
  readonly from: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** What these products write where they do not know. */
const UNKNOWN = ['Not Available', 'Not available', 'Not Collected', 'Not collected', 'Unknown'];

/** What their words mean, by our word. */
function means(words: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  const pairs = Object.entries({ ...words, unknown: [...(words.unknown ?? []), ...UNKNOWN] });
  return Object.fromEntries(pairs.flatMap(([ours, theirs]) => theirs.map((word) => [word, ours])));
}

/** By name. What a product may write and is not here makes the run incomplete, with line and column: `columns` of the source adds to it. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  'jamf/computers': {
    dataset: 'asset.endpoints',
    from: 'Jamf Pro, an advanced computer search, exported as CSV, that displays the columns named here. Of a disk of which only the boot partition is encrypted not all is',
    columns: {
      systemId: { value: 'jamf' },
      deviceId: 'JSS Computer ID',
      name: 'Computer Name',
      serial: 'Serial Number',
      platform: { value: 'macos' },
      osVersion: 'Operating System Version',
      userEmails: 'Email Address',
      status: { value: 'active' },
      managed: { header: 'Managed', map: means({ yes: ['Managed'], no: ['Unmanaged'] }) },
      diskEncrypted: {
        header: 'FileVault 2 Status',
        map: means({
          yes: ['All Partitions Encrypted'],
          no: ['Boot Partitions Encrypted', 'Some Partitions Encrypted', 'No Partitions Encrypted', 'Not Encrypted'],
        }),
      },
      enrolledAt: 'Last Enrollment',
    },
  },
  'jamf/last-check-in': {
    dataset: 'asset.endpoint-activity',
    from: 'the same export of Jamf Pro',
    columns: { systemId: { value: 'jamf' }, deviceId: 'JSS Computer ID', lastSeenAt: 'Last Check-in' },
  },
  'kandji/filevault': {
    dataset: 'asset.endpoints',
    from: 'Kandji (Iru), the category FileVault of Prism, with the names of its fields at the head: computers with macOS only',
    columns: {
      systemId: { value: 'kandji' },
      deviceId: 'device_id',
      name: 'device__name',
      serial: 'serial_number',
      platform: { value: 'macos' },
      userEmails: 'device__user_email',
      status: { value: 'active' },
      managed: { value: 'yes' },
      diskEncrypted: { header: 'filevault_enabled', map: means({}) },
    },
  },
  'kandji/last-collected': {
    dataset: 'asset.endpoint-activity',
    from: 'the same export of Kandji: when its agent last reported',
    columns: { systemId: { value: 'kandji' }, deviceId: 'device_id', lastSeenAt: 'last_collected_at' },
  },
  'intune/devices': {
    dataset: 'asset.endpoints',
    from: 'Microsoft Intune, Devices, All devices, Export. A device within the grace period does not meet its policies',
    columns: {
      systemId: { value: 'intune' },
      deviceId: 'Device ID',
      name: 'Device name',
      serial: 'Serial number',
      platform: {
        header: 'OS',
        map: means({ ios: ['iPadOS', 'iOS/iPadOS'], android: ['Android (fully managed)', 'Android (personally-owned work profile)'] }),
      },
      osVersion: 'OS version',
      userEmails: 'Primary user email address',
      status: { value: 'active' },
      managed: { header: 'Managed by', map: means({ yes: ['Intune', 'MDM', 'Co-managed'], no: ['MDE', 'Exchange ActiveSync'] }) },
      diskEncrypted: { header: 'Encrypted', map: means({}) },
      policiesMet: {
        header: 'Compliance',
        map: means({
          yes: ['Compliant'],
          no: ['Noncompliant', 'Not compliant', 'In grace period'],
          unknown: ['Not evaluated', 'Not Evaluated', 'Conflict', 'Error', 'Managed by ConfigMgr'],
        }),
      },
      enrolledAt: 'Enrollment date',
    },
  },
  'intune/last-check-in': {
    dataset: 'asset.endpoint-activity',
    from: 'the same export of Microsoft Intune',
    columns: { systemId: { value: 'intune' }, deviceId: 'Device ID', lastSeenAt: 'Last check-in' },
  },
};
