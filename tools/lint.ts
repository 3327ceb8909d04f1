// The house's own rules: each born of a mistake that compliance tools make. Run: `npm run lint`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Rule {
  readonly name: string;
  readonly why: string;
  /** Which files it reads, by path within the repository. */
  readonly files: RegExp;
  readonly except?: RegExp;
  find(file: ts.SourceFile, path: string): Iterable<{ readonly node: ts.Node; readonly says: string }>;
}

export interface Problem {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly says: string;
}

const PURE = /^src\/(core|access|datasets|attestations|checks|engine|reports|collectors|acme)\//;
const UNITS_OF_COLLECTORS = /^src\/collectors\/[^/]+\//;
const TESTS = /\.test\.ts$|\/testing\/|^test\//;

export const RULES: readonly Rule[] = [
  {
    name: 'no-clock',
    why: 'time comes in as an argument, so that anyone can perform it again',
    files: PURE,
    except: TESTS,
    *find(file) {
      for (const node of nodes(file)) {
        const text = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.getText(file) : '';
        if (/^(Date\.now|performance\.now|Math\.random)\(/.test(text) || /^new Date\(\)$/.test(text)) yield { node, says: `${text} reads the world` };
      }
    },
  },
  {
    name: 'no-silent-drop',
    why: 'a row that is left out goes green on the rest',
    files: UNITS_OF_COLLECTORS,
    except: TESTS,
    *find(file) {
      for (const node of nodes(file)) {
        if (ts.isContinueStatement(node)) yield { node, says: 'continue may leave a row out' };
        if (ts.isPropertyAccessExpression(node) && node.name.text === 'filter')
          yield { node, says: '.filter may leave a row out: give the field its third value, and scope in a check' };
      }
    },
  },
  {
    name: 'no-swallowed-error',
    why: 'what a source did not tell must make the run incomplete',
    files: UNITS_OF_COLLECTORS,
    except: TESTS,
    *find(file) {
      for (const node of nodes(file)) {
        if (ts.isCatchClause(node) && ![...nodes(node.block)].some(ts.isThrowStatement)) yield { node, says: 'catch without throw' };
      }
    },
  },
  {
    name: 'no-bare-to-throw',
    why: 'a test that any error satisfies cannot fail for the right reason',
    files: /\.test\.ts$|^test\//,
    *find(file) {
      for (const node of nodes(file)) {
        if (!ts.isCallExpression(node) || node.arguments.length > 0 || !ts.isPropertyAccessExpression(node.expression)) continue;
        const { name, expression } = node.expression;
        if (/^toThrow(Error)?$/.test(name.text) && !expression.getText(file).endsWith('.not')) yield { node, says: `${name.text}() names no error` };
      }
    },
  },
  {
    name: 'no-banned-word',
    why: 'each of these words means something else to an auditor (docs/glossary.md)',
    files: /^(src|test|tools)\/.*\.ts$/,
    except: /^tools\/lint(\.test)?\.ts$|\.browser\.test\.ts$/, // a browser has its own word for a picture of a page
    *find(file) {
      for (const node of nodes(file)) {
        const word = ts.isIdentifier(node) ? /benchmark|screenshot|ledger|blockchain|compliant|(^|_)mute/i.exec(node.text)?.[0] : undefined;
        if (word) yield { node, says: `"${word}"` };
      }
    },
  },
  {
    name: 'no-outside-address',
    why: 'no real person and no real company may stand in the repository',
    files: /\.(ts|mjs|json|md|yaml|csv|html)$/,
    except: /^package(-lock)?\.json$/,
    *find(file) {
      for (const { 0: address } of file.text.matchAll(/[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/gi)) {
        if (!/@(.*\.)?(acme\.example|example\.(com|org|net))$/i.test(address) && !/\.example$/i.test(address)) yield { node: file, says: address };
      }
    },
  },
  {
    name: 'short-files',
    why: 'what does not fit in a head is not read',
    files: /^src\/.*\.ts$/,
    *find(file, path) {
      const limit = /^src\/checks\/(?!index)[^/]+(?<!\.test)\.ts$/.test(path) ? 120 : 360;
      const lines = file.text.split('\n').length;
      if (lines > limit) yield { node: file, says: `${lines} lines, at most ${limit}` };
    },
  },
];

export function lint(path: string, text: string, rules: readonly Rule[] = RULES): Problem[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return rules
    .filter(({ files, except }) => files.test(path) && !except?.test(path))
    .flatMap((rule) =>
      [...rule.find(file, path)].map(({ node, says }) => ({
        rule: rule.name,
        path,
        line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
        says,
      })),
    );
}

function* nodes(root: ts.Node): Iterable<ts.Node> {
  yield root;
  const children: ts.Node[] = [];
  ts.forEachChild(root, (child) => void children.push(child));
  for (const child of children) yield* nodes(child);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => /\.(ts|mjs|json|md|yaml|csv|html)$/.test(path));
  const problems = paths.flatMap((path) => lint(path, readFileSync(join(root, path), 'utf8')));
  for (const { rule, path, line, says } of problems) console.error(`${path}:${line}: ${rule}: ${says} (${RULES.find(({ name }) => name === rule)?.why})`);
  console.log(`${paths.length} files, ${problems.length} problems`);
  process.exit(problems.length > 0 || paths.length === 0 ? 1 : 0);
}
