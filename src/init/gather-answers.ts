import { defaultAnswer } from './default-answer.ts';
import { type Answer, type Answers, keyOf, type Question } from './question.ts';
import { QUESTIONS } from './questions.ts';

/** Says the answer to a question, or the one that it is given for somebody who has none. */
export type Ask = (question: Question, fallback: Answer) => Answer | Promise<Answer>;

/** An answer to every question that the role asks: the one that is given already, or what `ask` says. */
export async function gatherAnswers(given: Answers, ask: Ask): Promise<Answers> {
  const answers: Record<string, Answer> = {};
  for (const question of QUESTIONS) {
    const fallback = defaultAnswer(question, answers);
    const key = keyOf(question);
    if (fallback !== undefined) answers[key] = given[key] ?? (await ask(question, fallback));
  }
  return answers;
}
