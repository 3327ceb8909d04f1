import { type KeyboardEvent, type PointerEvent, useState } from 'react';

/** Reads a drawing out: by arrows and Home and End, or where the pointer is. @param placeAt which of `count` things stands at so many percent of the width */
export function useReading(count: number, placeAt: (percent: number) => number, onOpen?: (place: number) => void) {
  const [read, setRead] = useState<number | null>(null);
  const move = (place: number) => setRead(count === 0 ? null : Math.min(Math.max(place, 0), count - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const next: Readonly<Record<string, number>> = {
      ArrowRight: (read ?? -1) + 1,
      ArrowLeft: (read ?? count) - 1,
      Home: 0,
      End: count - 1,
    };
    const place = next[event.key];
    if (place !== undefined) {
      event.preventDefault();
      move(place);
    }
    if (event.key === 'Escape') setRead(null);
    if (event.key === 'Enter' && read !== null) onOpen?.(read);
  };
  const onPointerMove = ({ currentTarget, clientX }: PointerEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    move(placeAt(((clientX - left) / (width || 1)) * 100));
  };
  return {
    read,
    on: {
      tabIndex: 0,
      onKeyDown,
      onPointerMove,
      onPointerLeave: () => setRead(null),
      onBlur: () => setRead(null),
      onClick: () => read !== null && onOpen?.(read),
    },
  };
}
