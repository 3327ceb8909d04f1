import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { said, text } from '../fields.ts';
import { stated } from '../stated.ts';

const AuthSetting = z.object({
  settingId: text('Id of the entry'),
  product: text('Product'),
  mfaAvailable: said('Customers can demand a second factor or single sign-on'),
  passwordHash: text('Algorithm by which passwords are kept: argon2id, scrypt, bcrypt, pbkdf2; none where it keeps no passwords'),
  lockout: said('Guessing is locked out or slowed down'),
  adminInvitesOnly: said('Users come by invitation of their administrator or a verified registration'),
  ...stated,
});
export type AuthSetting = z.infer<typeof AuthSetting>;

export const authSettings = defineDataset<AuthSetting>({
  id: 'product.auth-settings',
  title: 'What a product offers its customers for signing in safely',
  row: AuthSetting,
  key: ({ settingId }) => settingId,
  label: ({ product }) => product,
  freshness: days(11),
});
