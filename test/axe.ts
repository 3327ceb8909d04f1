import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What WCAG 2.2 asks for, up to AA. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
/** What a change of theme can break: nothing differs between light and dark but colours. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

interface Asked {
  readonly tags?: readonly string[];
  readonly rules?: readonly string[];
}

/**
 * What axe finds wrong with a page, a line for each rule; every rule it has unless some are named. Of neighbours of one shape it
 * looks at the first two: a long list takes it most of a minute, and says the same of every row.
 */
export async function violations(page: Page, { tags, rules }: Asked = {}): Promise<readonly string[]> {
  const runOnly = rules ? { type: 'rule' as const, values: [...rules] } : { type: 'tag' as const, values: [...(tags ?? [])] };
  await page.evaluate(markAlike);
  // There are no frames, so that what it finds need not be put together in another page; what it finds well is not described.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ ...((tags ?? rules) ? { runOnly } : {}), resultTypes: ['violations'] });
  const { violations: its } = await axe.exclude('[data-alike]').analyze();
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('[data-alike]')) element.removeAttribute('data-alike');
  });
  return its.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/**
 * Runs in the page: marks whatever has the shape of two neighbours before it. A shape is everything that styles or rules go by:
 * elements, classes, states, whether there is text. What an element is called, where it leads, and how far a drawing reaches are
 * no part of it.
 */
function markAlike(): void {
  const ITS_OWN =
    /^(id|for|href|title|d|x|y|x1|x2|y1|y2|cx|cy|points|transform|width|height|datetime|value|aria-(label|labelledby|describedby|controls|owns))$/;
  const shapes = new Map<Element, string>();
  const shape = (element: Element): string => {
    const attributes = [...element.attributes].map(({ name, value }) => {
      if (ITS_OWN.test(name)) return `${name}${value === '' ? '=' : ''}`;
      return `${name}=${/^(style|data-.*)$/.test(name) ? value.replace(/\d+/g, '0') : value}`;
    });
    const inner = [...element.childNodes].map((node) =>
      node instanceof Element ? shape(node) : node instanceof Text && node.data.trim() !== '' ? 'text' : '',
    );
    const its = `<${element.tagName} ${attributes.sort().join(' ')}>${inner.join('')}</>`;
    shapes.set(element, its);
    return its;
  };
  shape(document.body);
  const look = (parent: Element): void => {
    const seen = new Map<string, number>();
    for (const element of parent.children) {
      const times = (seen.get(shapes.get(element) ?? '') ?? 0) + 1;
      seen.set(shapes.get(element) ?? '', times);
      if (times <= 2) look(element);
      else element.setAttribute('data-alike', '');
    }
  };
  look(document.body);
}
