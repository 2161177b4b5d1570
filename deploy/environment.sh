#!/usr/bin/env bash
# Makes the Python environment LOCAL_DIR/venv from the hash-pinned requirements. Does nothing where it is up to date.
# Settings: LOCAL_DIR, CACHE_DIR, PYTHON (the Python to use), MIN_FREE_MB. Exit status 2: it says what is wrong.
set -euo pipefail
cd "$(dirname "$0")/.."

local_dir=${LOCAL_DIR:-.local}
cache_dir=${CACHE_DIR:-$local_dir/cache}
venv=$local_dir/venv
locks=(requirements/bootstrap.txt requirements/dev.txt)
wanted=$(cat "${locks[@]}" | cksum)

refuse() {
  printf '%s\n' "$@" >&2
  exit 2
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" || refuse "PYTHON=$PYTHON is not a Python 3.11 or later ($("$PYTHON" --version 2>&1 | head -n 1))."
    echo "$PYTHON"
    return
  fi
  local name
  for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
    if is_new_enough "$name"; then
      echo "$name"
      return
    fi
  done
  refuse "Python 3.11 or later is needed, and none was found ($(command -v python3 >/dev/null && python3 --version || echo 'no python3'))." \
    "Install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.11)," \
    "or name one: make PYTHON=/path/to/python3.11 ..."
}

check_platform() {
  case "$(uname -s)" in
  Linux | Darwin) ;;
  *) refuse "The embedded stack runs on Linux and macOS, not on $(uname -s). Use containers: docker compose up." ;;
  esac
  if ldd --version 2>&1 | grep -qi musl; then
    refuse "The embedded stack needs glibc; this system has musl. Use containers: docker compose up."
  fi
}

check_disk() {
  local free needed=${MIN_FREE_MB:-2000}
  free=$(df -Pk "$local_dir" | awk 'NR == 2 { print int($4 / 1000) }')
  [ "$free" -ge "$needed" ] || refuse "The disk is nearly full: $free MB are free under $local_dir, the first start needs $needed MB" \
    "(setting MIN_FREE_MB). Free some space, or set LOCAL_DIR to a folder on another disk."
}

# Runs an installer, shows its progress, and says in plain words why it failed.
install() {
  local report=$local_dir/install.log
  if "$@" 2>&1 | tee "$report" | sed '/^ [+-] /d'; then
    return
  fi
  if grep -qE 'No space left|os error 28' "$report"; then
    refuse "The disk is full. Free some space, or set LOCAL_DIR to a folder on another disk, and run make again."
  fi
  refuse "Could not install the Python packages (the lines above say why)." \
    "The first run needs the network: check the connection, or the proxy settings (HTTPS_PROXY), and run make again:" \
    "what was already downloaded is kept. Every package has to match the checksum in ${locks[*]}."
}

if [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ] && is_new_enough "$venv/bin/python"; then
  exit 0
fi
check_platform
python=$(find_python)
mkdir -p "$local_dir" "$cache_dir" || refuse "Not allowed to write $local_dir. Set LOCAL_DIR to another folder."
check_disk
if ! is_new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "Making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv" || refuse "Python could not make a virtual environment." \
    "On Debian and Ubuntu it needs one more package: apt-get install python3-venv."
fi
echo "Installing the Python packages (hash-pinned)"
install "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 --require-hashes -r requirements/bootstrap.txt
export UV_CACHE_DIR=$cache_dir/uv
install "$venv/bin/uv" pip sync --python "$venv/bin/python" --require-hashes "${locks[@]}"
echo "$wanted" >"$venv/.installed"
