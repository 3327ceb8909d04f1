import { checkTester } from '../../test/check-tester.ts';
import { coverage, repository, system } from '../../test/rows.ts';
import { scanningEnabled } from './scanning-enabled.ts';

const scope = [system({ systemId: 'github' })];
const told = (over: Parameters<typeof coverage>[0]) => ({ item: repository(), given: { scope, told: [coverage(over)] } });

checkTester(scanningEnabled, {
  conforms: {
    'everything is on': told({}),
    'the code is not analysed': told({ codeScanning: 'no' }),
    'a fork': { item: repository({ fork: true }), given: { scope, told: [coverage()] } },
  },
  deviates: {
    'nothing looks for credentials': {
      ...told({ secretScanning: 'no', pushProtection: 'no' }),
      because: 'off: scanning for credentials, protection at push',
      cites: { told: [0] },
    },
    'pushes are let through': { ...told({ pushProtection: 'no' }), because: 'off: protection at push', cites: { told: [0] } },
    'dependencies are not watched': { ...told({ dependencyAlerts: 'no' }), because: 'off: alerts for dependencies', cites: { told: [0] } },
    'one is off, and of another nothing is known': {
      ...told({ secretScanning: 'unknown', dependencyAlerts: 'no' }),
      because: 'off: alerts for dependencies',
      cites: { told: [0] },
    },
  },
  unknown: {
    'nothing is told': { item: repository(), given: { scope }, because: 'it is not known what the repository is scanned for' },
    'the settings are not shown': {
      ...told({ secretScanning: 'unknown', pushProtection: 'unknown' }),
      because: 'not known: scanning for credentials, protection at push',
    },
    'another system has a repository of that id': {
      item: repository(),
      given: { scope, told: [coverage({ systemId: 'github-old' })] },
      because: 'it is not known what the repository is scanned for',
    },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archive': repository({ archived: true }) },
});
