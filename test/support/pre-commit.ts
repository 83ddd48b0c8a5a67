import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { GIT_ENVIRONMENT } from './git.ts';

/** A home of its own for pre-commit, but with what npm has downloaded before. */
export function preCommitEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...GIT_ENVIRONMENT,
    HOME: home,
    PRE_COMMIT_HOME: join(home, 'pre-commit'),
    npm_config_audit: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_cache: execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(),
  };
}
