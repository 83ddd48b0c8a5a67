import type { ProblemFormat } from './problem-format.ts';

/** Every format, loaded when it is asked for. */
export const PROBLEM_FORMATS: readonly ProblemFormat[] = [
  { id: 'text', reader: 'people', load: async () => (await import('./text.ts')).formatText },
  { id: 'github', reader: 'GitHub Actions', load: async () => (await import('./github.ts')).formatGitHub },
  { id: 'gitlab', reader: 'GitLab Code Quality', load: async () => (await import('./gitlab.ts')).formatGitLab },
  { id: 'sarif', reader: 'code scanning', load: async () => (await import('./sarif.ts')).formatSarif },
  { id: 'junit', reader: 'test reports', load: async () => (await import('./junit.ts')).formatJUnit },
  { id: 'json', reader: 'other programs', load: async () => (await import('./json.ts')).formatJson },
];
