#!/usr/bin/env bash
# with-postgres.sh [--forgetful] COMMAND... runs COMMAND with BAQYLAU_TEST_PG set to the address of a throw-away PostgreSQL: a fresh
# cluster in a temporary folder, on a free loopback port, with a random password, stopped and removed at the end.
# Where BAQYLAU_TEST_PG is set already, that server is used and left alone.
# --forgetful: the cluster does not wait for the disk. For tests that neither measure nor pull the plug.
set -euo pipefail

forgetful=
if [ "${1:-}" = --forgetful ]; then
  forgetful="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  shift
fi

if [ -n "${BAQYLAU_TEST_PG:-}" ]; then exec "$@"; fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
  initdb=$(command -v initdb) || { echo "with-postgres: PostgreSQL is not installed (make setup)"; exit 1; }
  bin=$(dirname "$(readlink -f "$initdb")")
fi

# PostgreSQL refuses to run as root: then the account that its package made, or nobody.
as=()
if [ "$(id -u)" -eq 0 ]; then
  account=postgres
  id "$account" >/dev/null 2>&1 || account=nobody
  as=(runuser -u "$account" --)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/baqylau-pg.XXXXXX")
stop() {
  status=$?
  trap - EXIT
  if [ -f "$dir/data/postmaster.pid" ]; then
    (cd "$dir" && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
  fi
  rm -rf "$dir"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$dir/password"
[ ${#as[@]} -eq 0 ] || chown -R "$account" "$dir"
cd_and() { (cd "$dir" && "${as[@]}" "$@"); } # the account may not enter our current folder

cd_and "$bin/initdb" -D "$dir/data" -U baqylau --pwfile="$dir/password" --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C.UTF-8 --lc-collate=C >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log"; exit 1; }

# A port nobody listens on; another process may take it between the look and the start, so try a few times.
for attempt in 1 2 3 4 5 6 7 8; do
  port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
  if cd_and "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/server.log" -w -t 60 \
    -o "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories= -c max_connections=300 $forgetful" start >/dev/null 2>&1; then
    started=yes
    break
  fi
done
if [ -z "${started:-}" ]; then
  echo "with-postgres: PostgreSQL did not start:"
  tail -n 20 "$dir/data/server.log" 2>/dev/null || true
  exit 1
fi

export BAQYLAU_TEST_PG="postgres://baqylau:$password@127.0.0.1:$port/postgres?sslmode=disable"
[ -z "$forgetful" ] || export BAQYLAU_ALLOW_UNSAFE_PG=1 # the program refuses such a server otherwise
"$@"
