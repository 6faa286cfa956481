// What vitest 1 and 2 say of their tests: tasks, told of all at once when a run ends.
import { gone, merged, ofVitest } from './vitest_reporter.mjs';

/** A reporter for vitest 1 and 2; `attach` gives it the vitest whose tasks it is told of by their ids. */
export function legacy({ pathOf, alive, live, fileEnd, runEnd }) {
  let vitest = null;
  const ended = new Set();
  const reporter = {
    onCollected: (files = []) => {
      for (const file of files) alive(pathOf(file.filepath), '');
    },
    onTaskUpdate(packs) {
      for (const [id] of packs) {
        const task = vitest?.state.idMap.get(id);
        if (task?.file) update(task);
      }
    },
    onFinished(files = [], errors = []) {
      for (const file of files) fileEnd(pathOf(file.filepath), ...contents(file));
      runEnd(vitest?.config.dangerouslyIgnoreUnhandledErrors ? [] : errors, true);
    },
  };
  const update = (task) => {
    const path = pathOf(task.file.filepath);
    const isOver = isTest(task) && /^(?:pass|fail)$/.test(task.result?.state ?? '');
    alive(path, isTest(task) && !isOver ? namesOf(task).join(' › ') : '');
    if (isOver && !ended.has(task.id)) {
      ended.add(task.id);
      live(path, record(task));
    }
  };
  return {
    reporter,
    attach: (one) => {
      vitest = one;
    },
  };
}

function isTest(task) {
  return task.type === 'test' || task.type === 'custom';
}

function contents(file) {
  const tests = [];
  const failures = (file.result?.errors ?? []).filter((error) => !/^Obsolete snapshots found/.test(error.message)).map(ofVitest);
  const walk = (task) => {
    if (!isTest(task)) {
      failures.push(...(task.result?.errors ?? []).map(ofVitest));
      for (const one of task.tasks) walk(one);
    } else if (task.mode !== 'skip' && task.mode !== 'todo' && !/^(?:pass|fail|skip)$/.test(task.result?.state ?? ''))
      failures.push(gone(namesOf(task)));
    else tests.push(record(task));
  };
  for (const task of file.tasks) walk(task);
  return [tests, failures];
}

function record(task) {
  const { state, errors = [], retryCount = 0 } = task.result ?? {};
  const isTodo = task.mode === 'todo' || (state === 'pass' && task.fails);
  const status = isTodo ? 'todo' : state === 'pass' ? 'passed' : state === 'fail' ? 'failed' : 'skipped';
  return { names: namesOf(task), status, retried: retryCount > 0, error: status === 'failed' ? merged(errors) : null };
}

function namesOf(task) {
  const names = [];
  for (let one = task; one && one.filepath === undefined; one = one.suite) if (one.name !== '') names.unshift(one.name);
  return names;
}
