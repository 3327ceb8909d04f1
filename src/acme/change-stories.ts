/** What goes wrong with changes (`CHANGE_DAYS`), and what must be found of it. Each is in a repository of its own. */
export function changeStories() {
  const wrong = (name: string, tells: string, check: string, repo: string) => ({ name, tells, check, item: ` in acme/${repo}`, open: true });
  return [
    wrong('hot fix', 'a fix was merged by its author without a review', 'changes-independently-approved', 'billing'),
    wrong('merged alone', 'a change was merged by its author, and nobody has looked at it', 'changes-independently-approved', 'web'),
    wrong('never reviewed', 'a change that nobody approved was not reviewed afterwards', 'unapproved-changes-reviewed', 'web'),
    wrong('late commit', 'a commit was added after the approval', 'changes-independently-approved', 'api-gateway'),
    wrong('late commit unseen', 'nobody has looked at what was added after the approval', 'unapproved-changes-reviewed', 'api-gateway'),
    wrong('failed check', 'a change was merged while a required check had failed', 'required-checks-passed', 'mobile'),
    wrong('no ticket', 'a change is linked to no ticket', 'changes-ticketed', 'data-pipeline'),
    wrong('direct push', 'a commit went past any pull request', 'commits-landed-through-review', 'infrastructure'),
    wrong('direct push unseen', 'nobody has looked at what was pushed', 'direct-pushes-reviewed', 'infrastructure'),
    wrong('bypass unseen', 'nobody has looked at a push past the rules of a branch', 'rule-bypasses-reviewed', 'platform'),
    wrong('bypass used', 'commits were pushed past the rules of a branch', 'commits-landed-through-review', 'platform'),
  ];
}
