import { Option } from 'commander';
import { canAsk, openDialogue } from '../edge/ask.ts';
import { Misuse } from '../edge/misuse.ts';
import { refuseExisting } from '../edge/write-new-files.ts';
import type { RepositoryDraft } from '../init/draft-repository.ts';
import { type Ask, gatherAnswers } from '../init/gather-answers.ts';
import { judgeAnswer } from '../init/judge-answer.ts';
import { type Answer, type Answers, keyOf, type Question } from '../init/question.ts';
import { QUESTIONS } from '../init/questions.ts';
import type { Stream } from './command.ts';

/** What there is to know before anybody is asked. */
interface Call {
  /** What the call gives for the option of these flags; for no flags, the role. */
  readonly typed: (flags: string | undefined) => string | undefined;
  readonly takeDefaults: boolean;
  readonly folder: string;
  /** What would be written of some answers. */
  readonly draft: (answers: Answers) => RepositoryDraft;
}

/** An answer to every question: what the call says, and for the rest what somebody at the terminal says. */
export async function answerQuestions(call: Call, err: Stream): Promise<Answers> {
  const given = readGiven(call);
  const missing: Question[] = [];
  const usual = await gatherAnswers(given, (question, fallback) => {
    missing.push(question);
    return fallback;
  });
  if (missing.length === 0 || call.takeDefaults) return refuseSurplus(given, usual);
  if (!canAsk())
    throw new Misuse(
      `there is no terminal to ask at: say ${missing.map(nameOf).join(', ')}, or --yes for the defaults`,
    );
  refuseExisting(call.folder, listSettled(call, given, usual));
  return refuseSurplus(given, await askForRest(given, err));
}

/** Files that are written whatever is answered: whether their places are free can be said before anybody is asked. */
function listSettled({ draft }: Call, given: Answers, usual: Answers): string[] {
  return draft({ ...usual, ci: given['ci'] ?? [] })
    .files.map(({ path }) => path)
    .filter((path) => !path.startsWith('profiles/'));
}

/** What the call says already, each answer by itself a good one. */
function readGiven({ typed }: Call): Answers {
  const given: Record<string, Answer> = {};
  for (const question of QUESTIONS) {
    const text = typed(question.flags);
    if (text === undefined) continue;
    const answer = question.read(text);
    const problem = judgeAnswer(question, answer);
    if (problem) throw new Misuse(`${nameOf(question)}: ${problem.message}; ${problem.remedy}`);
    given[keyOf(question)] = answer;
  }
  return given;
}

/** The answers, unless something was said to which the role asks nothing. */
function refuseSurplus(given: Answers, answers: Answers): Answers {
  const surplus = QUESTIONS.find((question) => keyOf(question) in given && !(keyOf(question) in answers));
  if (surplus) throw new Misuse(`${nameOf(surplus)} means nothing for the role ${answers['role']}: leave it out`);
  return answers;
}

async function askForRest(given: Answers, err: Stream): Promise<Answers> {
  const { ask, close } = openDialogue();
  const askUntilGood: Ask = async (question, fallback) => {
    for (;;) {
      const typed = (await ask(`${begin(question.text)} [${[fallback].flat().join(', ')}]: `)).trim();
      const answer = typed === '' ? fallback : question.read(typed);
      const problem = judgeAnswer(question, answer);
      if (!problem) return answer;
      err.write(`${err.style('red', 'error')}: ${problem.message}\n   ${err.style('cyan', 'do:')} ${problem.remedy}\n`);
    }
  };
  try {
    return await gatherAnswers(given, askUntilGood);
  } finally {
    close();
  }
}

const begin = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** As the call spells it. */
const nameOf = ({ flags }: Question): string => (flags ? `${new Option(flags).long}` : 'ROLE');
