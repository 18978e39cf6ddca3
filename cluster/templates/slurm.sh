#!/bin/bash
# figloom's job script for Slurm: each task of a job runs it, once for every attempt.
#
# Made from a template that a site may change: copy templates/slurm.sh of @figloom/cluster, and name the copy with
# slurm({ template: "/path/to/slurm.sh" }). What stands there in double braces is filled in when a job is submitted, as
# mustache does; `figloom run … --dry-run` shows the result.

# One node for each task.
#SBATCH --nodes=1
#SBATCH --ntasks=1
{{#partition}}
# Where it may run.
#SBATCH --partition={{partition}}
{{/partition}}
{{#account}}
# Who pays.
#SBATCH --account={{account}}
{{/account}}
{{#qos}}
#SBATCH --qos={{qos}}
{{/qos}}
{{#constraint}}
# Which nodes will do.
#SBATCH --constraint={{constraint}}
{{/constraint}}
{{#cpus}}
#SBATCH --cpus-per-task={{cpus}}
{{/cpus}}
{{#gres}}
#SBATCH --gres={{gres}}
{{/gres}}
{{#memory}}
# Mebibytes of the node's memory.
#SBATCH --mem={{memory}}
{{/memory}}
{{#time}}
# Minutes; for one attempt.
#SBATCH --time={{time}}
{{/time}}
{{#notice}}
# Seconds before the time limit at which this script is told, by SIGUSR1, that the end is near.
#SBATCH --signal=B:USR1@{{notice}}
{{/notice}}
# When its node fails, Slurm runs the task again on another, and the attempts' logs follow one another.
#SBATCH --requeue
#SBATCH --open-mode=append
# What the site or the user wants besides.
{{#lines}}
#SBATCH {{.}}
{{/lines}}

# What every node has to set up goes here, such as: module load node
# To run tasks in a container, put its command here, such as: (apptainer exec --nv --bind /data figloom.sif)
launcher=()

# The job's folder, the number of the task whose array index is 0, and how often tasks were submitted before.
folder=$1 first=$2 before=$3
number=$((first + SLURM_ARRAY_TASK_ID))
self=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID

# Writes down what happens to this attempt: Slurm itself soon forgets, and a controller that lost its latest state may
# count two attempts alike. No attempt has the number of one that began before it.
records=$folder/records/$number
restarts=$((before + ${SLURM_RESTART_COUNT:-0}))
begun=$(sed -n 's/^begin \([0-9]*\) .*/\1/p' "$records" 2>/dev/null | tail -n 1)
[ -n "$begun" ] && [ "$restarts" -le "$begun" ] && restarts=$((begun + 1))
record() { echo "$1 $restarts $self $SLURMD_NODENAME $(date -u +%Y-%m-%dT%H:%M:%SZ) $2" >>"$records"; }
record begin

# The task's line holds its id, its folder, its variables, `--` and its command, all percent-encoded: nothing in it is
# ever read as shell.
set -f
words=()
for word in $(sed -n "$((number + 1)){p;q;}" "$folder/tasks"); do
  [ "$word" = %00 ] && word=
  printf -v word '%b' "${word//%/\\x}"
  words+=("$word")
done
set +f
if [ "${#words[@]}" -lt 4 ]; then
  echo "The line of task $number in $folder/tasks cannot be read on $SLURMD_NODENAME." >&2
  record end 78
  exit 78
fi
export FIGLOOM_JOB_ID=${folder##*/} FIGLOOM_TASK_ID=${words[0]} FIGLOOM_RESTART_COUNT=$restarts
if ! cd -- "${words[1]}"; then
  echo "The folder of the task ${words[0]} is not on $SLURMD_NODENAME: ${words[1]}" >&2
  record end 78
  exit 78
fi
command=("${words[@]:2}")
while [ "${command[0]}" != -- ]; do
  export "${command[0]}"
  command=("${command[@]:1}")
done
command=("${launcher[@]}" "${command[@]:1}")
# Steps that a task starts with srun get all of its environment.
unset SLURM_EXPORT_ENV

# A shell looks at signals between commands only, so the task runs beside it, and what comes is handed on.
task= heard=
hand_on() { heard=$1; [ -n "$task" ] && kill "-$1" "$task" 2>/dev/null; }
trap 'hand_on USR1' USR1
trap 'hand_on TERM' TERM
"${command[@]}" </dev/null &
task=$!
[ -n "$heard" ] && hand_on "$heard"
heard=yes
while [ -n "$heard" ]; do
  heard=
  wait "$task"
  code=$?
done
record end "$code"

# 75 (EX_TEMPFAIL) is a task's wish to be run again. A copy that Slurm has given up does not speak for the present one.
if [ "$code" = 75 ]; then
  for pause in 1 5 20 60; do
    scontrol --oneliner show job "$self" | grep -q " Restarts=${SLURM_RESTART_COUNT:-0} " || break
    scontrol requeue "$self" && break
    sleep "$pause"
  done
fi
exit "$code"
