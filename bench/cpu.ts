import { readdirSync, readFileSync } from "node:fs";

/** What processes have used of the processors, as Linux tells it. Elsewhere it isn't known. */

/** Clock ticks are what Linux counts in, for every program the same. Source: man 2 sysconf, _SC_CLK_TCK. */
const MS_PER_TICK = 10;

/** Milliseconds a process has used so far, with the processes it has started; undefined where there is no /proc. */
export function usedMs(pid: number): number | undefined {
  const ticks = family(pid).map(ticksOf);
  return ticks.length === 0 ? undefined : ticks.reduce((sum, one) => sum + one, 0) * MS_PER_TICK;
}

/** The process and its children that live; threads count with their process. */
function family(pid: number): number[] {
  const entries = entriesOf("/proc").map(Number).filter(Number.isInteger);
  return entries.filter((one) => one === pid || fieldsOf(one)[1] === String(pid));
}

function ticksOf(pid: number): number {
  const [user = 0, system = 0] = fieldsOf(pid).slice(11, 13).map(Number);
  return user + system;
}

/** From the state on; the name before it may have spaces. Source: man 5 proc_pid_stat. */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What the processors of the machine have done since it started, in clock ticks; undefined where there is no /proc. */
export function machineTicks(): { busy: number; all: number } | undefined {
  try {
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = (
      readFileSync("/proc/stat", "utf8").split("\n")[0] ?? ""
    )
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const busy = user + nice + system + irq + softirq;
    return { busy, all: busy + idle + waiting + stolen };
  } catch {
    return undefined;
  }
}
