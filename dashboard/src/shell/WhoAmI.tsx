import { Link } from '@tanstack/react-router';
import { useMe } from '../api/me.ts';
import { useTime } from '../time.ts';

/** Who looks, as what, and the way to their account. */
export function WhoAmI() {
  const { data } = useMe();
  const time = useTime();
  return (
    data && (
      <Link className="me" to="/settings/account" search={time}>
        <bdi>{data.name}</bdi>
        <small>
          {data.role}
          {data.bounds !== null && ', bounded to an audit'}
        </small>
      </Link>
    )
  );
}
