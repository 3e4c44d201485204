import { Problem } from './problem.js';
import type { Task } from './use-task.js';

interface DialogActionsProps {
  task: Task;
  /** What went wrong, where that is not the task's error. */
  error?: Error | undefined;
  /** What is done. */
  label: string;
  /** The same while it is being done: "Merging …". */
  busy?: string;
  /** Whether it takes something away for good. */
  isDangerous?: boolean;
  cancel?: string;
  onCancel: () => void;
  /** Left out in a form, which is sent. */
  onDo?: () => void;
}

/** The end of a dialog: what went wrong, and the buttons to leave it as it is or to do it. */
export function DialogActions(props: DialogActionsProps) {
  const {
    task,
    error = task.error,
    label,
    busy = label,
    isDangerous,
    cancel = 'Cancel',
    onCancel,
    onDo,
  } = props;
  return (
    <>
      <Problem error={error} />
      <div class="actions">
        <button type="button" class="quiet" onClick={onCancel}>
          {cancel}
        </button>
        <button
          type={onDo ? 'button' : 'submit'}
          class={isDangerous ? 'danger' : undefined}
          disabled={task.isRunning}
          onClick={onDo}
        >
          {task.isRunning ? busy : label}
        </button>
      </div>
    </>
  );
}
