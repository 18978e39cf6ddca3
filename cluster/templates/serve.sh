#!/bin/sh
# Becomes one vLLM server. figloom runs this once for each server of a node; copy it and pass the copy (--serve FILE) to
# change anything. What figloom sets:
#
#   FIGLOOM_MODEL            the model, as prompts and results name it
#   FIGLOOM_HOST             address to listen on: 127.0.0.1 for a worker of its own node, 0.0.0.0 for a fleet
#   FIGLOOM_PORT             port to listen on
#   FIGLOOM_GPUS             this server's GPUs, as CUDA_VISIBLE_DEVICES has them, too
#   FIGLOOM_TENSOR_PARALLEL  how many those are
#   FIGLOOM_MEDIA            the dataset's folder, whose pictures the server reads by name
#   FIGLOOM_SERVER           which server of the node this is, from 0
#
# and what it leaves to you, through the environment that a job inherits:
#
#   FIGLOOM_WEIGHTS          folder or hub name of the weights, where that is not FIGLOOM_MODEL: a copy on a local disk
#   FIGLOOM_VLLM_ARGS        more options, separated by blanks; they win over those below
#   FIGLOOM_API_KEY          the key that requests have to bring
#   HF_HOME, HF_TOKEN, VLLM_CACHE_ROOT   as everywhere
#
# The script has to become the server (exec): what ends this process ends the server. Everything it writes goes to the
# server's log. Exit codes 126 and 127 are taken for a script that cannot run, on any node.
set -eu

# module load cuda vllm                  # what your site needs comes here
# . /shared/venvs/vllm/bin/activate

# Several servers on one machine otherwise fight for its cores (vLLM's recipe for Qwen3-VL).
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"

# vLLM's default of 5 s closes connections that are about to be used (VLLM_HTTP_TIMEOUT_KEEP_ALIVE, uvicorn).
export VLLM_HTTP_TIMEOUT_KEEP_ALIVE="${VLLM_HTTP_TIMEOUT_KEEP_ALIVE:-120}"

# What vLLM compiles is kept per node. The first server of a node starts alone and fills this; on a folder that nodes
# share, several would compile at the same time, which spoils it.
if [ -z "${VLLM_CACHE_ROOT:-}" ]; then
  VLLM_CACHE_ROOT="${TMPDIR:-/tmp}/figloom-vllm-$(id -u)"
  mkdir -p -m 700 "$VLLM_CACHE_ROOT"
  # What others put there would run as you.
  if [ -L "$VLLM_CACHE_ROOT" ] || [ ! -O "$VLLM_CACHE_ROOT" ]; then
    echo "$VLLM_CACHE_ROOT was made by somebody else: set VLLM_CACHE_ROOT to a folder of your own." >&2
    exit 1
  fi
fi
export VLLM_CACHE_ROOT TRITON_CACHE_DIR="${TRITON_CACHE_DIR:-$VLLM_CACHE_ROOT/triton}"

# By the environment, since other users see a command's options. Only paths below /v1 ask for it.
if [ -n "${FIGLOOM_API_KEY:-}" ]; then export VLLM_API_KEY="$FIGLOOM_API_KEY"; fi

# 235B-A22B in FP8 takes four GPUs a server; the encoder of pictures is then spread by picture, not by layer, which
# saves the GPUs from talking about each one (vLLM, docs/configuration/optimization.md). With one GPU it makes no sense.
if [ "$FIGLOOM_TENSOR_PARALLEL" -gt 1 ]; then
  set -- --tensor-parallel-size "$FIGLOOM_TENSOR_PARALLEL" --mm-encoder-tp-mode data "$@"
fi

# --served-model-name          results are filed under the model's name, which a path on some disk should not change
# --max-model-len              a picture of a megapixel (1,024 tokens), 3,000 tokens of the paper and the answer fit
#                              twice; shorter contexts leave room for more requests at a time
# --limit-mm-per-prompt        one picture a question; no memory is set aside for videos (recipe for Qwen3-VL)
# --mm-processor-cache-gb 0    every picture comes once: the cache costs the machine's memory, and has had bugs that end
#                              the engine (vLLM issue 31404)
# --allowed-local-media-path   pictures are read from the shared disk; no bytes of them are sent
# --max-num-seqs 256           of these sizes more do not fit the memory of 80 GB
# --max-num-batched-tokens     pictures come in pieces of a thousand tokens; the default of 8,192 holds eight
# --gpu-memory-utilization     memory grows over days with pictures of many sizes (vLLM issue 28230)
# --enable-prompt-tokens-details   says how many tokens a picture had, which is compared with what was predicted
# --disable-uvicorn-access-log     a line for each request is no use in the log
# --shutdown-timeout 90        requests under way are finished when the server is told to end; the default is none
# Not set: --data-parallel-size (independent servers are simpler and as fast for models that fit, and one that dies takes
# only its own work with it) and --max-num-queued-reqs (figloom paces itself).
# shellcheck disable=SC2086    # FIGLOOM_VLLM_ARGS is split at blanks
exec vllm serve "${FIGLOOM_WEIGHTS:-$FIGLOOM_MODEL}" \
  --served-model-name "$FIGLOOM_MODEL" \
  --host "$FIGLOOM_HOST" --port "$FIGLOOM_PORT" \
  --max-model-len 8192 \
  --limit-mm-per-prompt '{"image": 1, "video": 0}' \
  --mm-processor-cache-gb 0 \
  --allowed-local-media-path "$FIGLOOM_MEDIA" \
  --max-num-seqs 256 --max-num-batched-tokens 16384 \
  --gpu-memory-utilization 0.90 \
  --enable-prompt-tokens-details --disable-uvicorn-access-log \
  --shutdown-timeout 90 \
  "$@" ${FIGLOOM_VLLM_ARGS:-}
