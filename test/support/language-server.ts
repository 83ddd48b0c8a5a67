import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROGRAM = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');

/** As an editor without settings of its own, and without network. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } },
};

/** What the server says unasked, or in answer. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: its shape depends on the method
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as before
  readonly result?: any;
}

/** A place as the protocol counts: both from 0, the character in UTF-16 units. */
interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Completion {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** Starts yaml-language-server and speaks with it as an editor does, over its standard input and output. */
export async function startLanguageServer(folder: string) {
  const server = spawn(process.execPath, [PROGRAM, '--stdio'], { cwd: folder });
  const connection = connect(server);
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
      },
      workspace: { configuration: true },
    },
  });
  connection.notify('initialized', {});
  connection.notify('workspace/didChangeConfiguration', { settings: SETTINGS });
  return {
    /** Opens a file with this text; the cursor is where `|` stands. */
    open: (name: string, text: string) => openDocument(connection, join(folder, name), text),
    stop: () => server.kill(),
  };
}

function openDocument(connection: Connection, path: string, marked: string) {
  const uri = pathToFileURL(path).href;
  const text = marked.replace('|', '');
  const before = marked.split('|')[0]?.split('\n') ?? [];
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const diagnosed = connection.waitFor<{ uri: string; diagnostics: Diagnostic[] }>(
    'textDocument/publishDiagnostics',
    (params) => params.uri === uri,
  );
  connection.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  const ask = (method: string) => connection.request(method, { textDocument: { uri }, position });
  return {
    /** What is marked; the server takes its time for that, in which more files can be opened. */
    diagnose: async (): Promise<Diagnostic[]> => (await diagnosed).diagnostics,
    /** What is offered at the cursor, by its label. */
    complete: async (): Promise<Map<string, Completion>> => {
      const { items } = await ask('textDocument/completion');
      return new Map(items.map((item: Completion) => [item.label, item]));
    },
    /** What is shown about what stands at the cursor. */
    hover: async (): Promise<string> => (await ask('textDocument/hover'))?.contents.value ?? '',
  };
}

type Connection = ReturnType<typeof connect>;

function connect({ stdin, stdout }: ChildProcessWithoutNullStreams) {
  const listeners = new Set<(message: Message) => void>();
  const send = (message: object) => {
    const content = JSON.stringify({ jsonrpc: '2.0', ...message });
    stdin.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  };
  stdout.on(
    'data',
    readMessages((message) => {
      if (message.method !== undefined && message.id !== undefined) send({ id: message.id, result: answer(message) });
      for (const listener of [...listeners]) listener(message);
    }),
  );
  const wait = (isMeant: (message: Message) => boolean) =>
    new Promise<Message>((resolve) => {
      const listener = (message: Message) => {
        if (!isMeant(message)) return;
        listeners.delete(listener);
        resolve(message);
      };
      listeners.add(listener);
    });
  let asked = 0;
  return {
    notify: (method: string, params: object) => send({ method, params }),
    request: async (method: string, params: object) => {
      const id = ++asked;
      const answered = wait((message) => message.id === id && message.method === undefined);
      send({ id, method, params });
      return (await answered).result;
    },
    waitFor: async <Params>(method: string, isMeant: (params: Params) => boolean): Promise<Params> =>
      (await wait((message) => message.method === method && isMeant(message.params))).params,
  };
}

/** The server asks for settings, section by section; whatever else it asks is granted. */
function answer({ method, params }: Message): unknown {
  if (method !== 'workspace/configuration') return null;
  return params.items.map(({ section }: { section: string }) => SETTINGS[section] ?? null);
}

/** Messages come with a header that tells their length, in pieces of any size. */
function readMessages(onMessage: (message: Message) => void): (piece: Buffer) => void {
  let pending = Buffer.alloc(0);
  return (piece) => {
    pending = Buffer.concat([pending, piece]);
    for (;;) {
      const [header, length] = /^Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(pending.toString('latin1')) ?? [];
      if (header === undefined || pending.length < header.length + Number(length)) return;
      const content = pending.subarray(header.length, header.length + Number(length));
      pending = pending.subarray(header.length + Number(length));
      onMessage(JSON.parse(content.toString('utf8')));
    }
  };
}
