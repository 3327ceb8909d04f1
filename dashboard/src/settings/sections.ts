/** The pages of the settings, as the ways to them are named. */
export const SECTIONS = [
  { to: '/settings/account', text: 'Your account', says: 'How you sign in: password, authenticator, passkeys, recovery codes; and where you are signed in.' },
  { to: '/settings/tokens', text: 'Tokens', says: 'What programs ask the API with, within what you allow them.' },
  { to: '/settings/users', text: 'Users', says: 'Who may sign in, as what, bounded to which audit; invitations, sessions, factors.' },
  { to: '/settings/notifications', text: 'Notifications', says: 'Whom alerts reach, how soon, by which way, and when nobody is woken.' },
  { to: '/settings/retention', text: 'Retention', says: 'How long evidence is kept, what is due to be disposed of, and which holds keep it.' },
  { to: '/settings/keys', text: 'Keys', says: 'Which keys sign the log and what collectors say, since when; new keys in their place.' },
  { to: '/settings/log', text: 'Log health', says: 'How large it is, who vouches for it, and what reading it again has found.' },
  { to: '/settings/trail', text: 'Audit trail', says: 'Who did what in Tickmark, when, from where, and the record that says so.' },
] as const;
