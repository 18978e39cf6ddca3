#!/bin/sh
# As serve.sh, in an Apptainer (Singularity) container: FIGLOOM_IMAGE is its file, made once by
#   apptainer pull /shared/vllm.sif docker://vllm/vllm-openai:v0.29.0
# serve.sh says what the variables are and why each option of vLLM is there.
set -eu
image="${FIGLOOM_IMAGE:?set FIGLOOM_IMAGE to the image, such as /shared/vllm.sif, and let the job inherit it}"

if [ -z "${VLLM_CACHE_ROOT:-}" ]; then
  VLLM_CACHE_ROOT="${TMPDIR:-/tmp}/figloom-vllm-$(id -u)"
  mkdir -p -m 700 "$VLLM_CACHE_ROOT"
  # What others put there would run as you.
  if [ -L "$VLLM_CACHE_ROOT" ] || [ ! -O "$VLLM_CACHE_ROOT" ]; then
    echo "$VLLM_CACHE_ROOT was made by somebody else: set VLLM_CACHE_ROOT to a folder of your own." >&2
    exit 1
  fi
fi
cache="$VLLM_CACHE_ROOT"
weights="${FIGLOOM_WEIGHTS:-$FIGLOOM_MODEL}"
hub="${HF_HOME:-$HOME/.cache/huggingface}"
mkdir -p "$cache" "$hub"

# Apptainer hands a variable on as APPTAINERENV_NAME even where its own environment is cleaned.
export APPTAINERENV_CUDA_VISIBLE_DEVICES="$CUDA_VISIBLE_DEVICES"
export APPTAINERENV_OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
export APPTAINERENV_VLLM_HTTP_TIMEOUT_KEEP_ALIVE="${VLLM_HTTP_TIMEOUT_KEEP_ALIVE:-120}"
export APPTAINERENV_VLLM_CACHE_ROOT="$cache"
export APPTAINERENV_TRITON_CACHE_DIR="$cache/triton"
export APPTAINERENV_HF_HOME="$hub"
if [ -n "${HF_TOKEN:-}" ]; then export APPTAINERENV_HF_TOKEN="$HF_TOKEN"; fi
if [ -n "${FIGLOOM_API_KEY:-}" ]; then export APPTAINERENV_VLLM_API_KEY="$FIGLOOM_API_KEY"; fi

# Weights given by path have to be seen inside, under the same name.
case "$weights" in /*) bind="$weights:$weights:ro," ;; *) bind= ;; esac

if [ "$FIGLOOM_TENSOR_PARALLEL" -gt 1 ]; then
  set -- --tensor-parallel-size "$FIGLOOM_TENSOR_PARALLEL" --mm-encoder-tp-mode data "$@"
fi

# No --pid and no instance: the server stays in this process group, so that what ends it ends all of it. --nv brings the
# driver's libraries. Pictures are only read.
# shellcheck disable=SC2086    # FIGLOOM_VLLM_ARGS is split at blanks
exec apptainer exec --nv --bind "$bind$FIGLOOM_MEDIA:$FIGLOOM_MEDIA:ro,$cache,$hub" "$image" \
  vllm serve "$weights" \
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
