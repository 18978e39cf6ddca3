#!/bin/sh
# Becomes one imitation of a vLLM server, without a GPU, to rehearse a run: its captions are no model's.
# FIGLOOM_MOCK_ARGS holds more options of `figloom mock-server`, separated by blanks. A copy of this script needs
# FIGLOOM_MOCK, the program's path, or `figloom` on the PATH.
set -eu
beside="$(dirname "$0")/../dist/mock-server-program.cjs"
if [ -z "${FIGLOOM_MOCK:-}" ] && [ -e "$beside" ]; then FIGLOOM_MOCK="$beside"; fi
if [ -n "${FIGLOOM_MOCK:-}" ]; then set -- "${FIGLOOM_NODE:-node}" "$FIGLOOM_MOCK"; else set -- figloom; fi

# The variable's name is an option, its value none: other users see options.
if [ -n "${FIGLOOM_API_KEY:-}" ]; then key="--api-key-from-env FIGLOOM_API_KEY"; fi

# shellcheck disable=SC2086    # options are split at blanks
exec "$@" mock-server --model "$FIGLOOM_MODEL" --host "$FIGLOOM_HOST" --port "$FIGLOOM_PORT" \
  --allowed-local-media-path "$FIGLOOM_MEDIA" ${key:-} ${FIGLOOM_MOCK_ARGS:-}
