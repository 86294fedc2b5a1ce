#!/bin/sh
# Writes the secrets that docker-compose.yml asks for into .env, each made at random; those that are there stay. What only
# the operator knows (PUBLIC_URL, LOGIN_URL, HELP_PHONE) it cannot make, and names as long as it is missing.
# Keep .env: without PAIRWISE_KEY no open referral finds its case again, without VAULT_KEY nobody's data can be read, and
# without MATCHING_KEY nobody who comes back is recognised.
set -eu
cd "$(dirname "$0")/.."
umask 077
touch .env
sed -n 's/.*\${\([A-Z_]*\):?run deploy.*/\1/p' docker-compose.yml | sort -u | while read -r name; do
  grep -q "^$name=" .env || echo "$name=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >>.env
done
echo ".env has every secret that docker-compose.yml asks for."
sed -n 's/.*\${\([A-Z_]*\):?\(set in .env\) \(.*\)}.*/\1 \3/p' docker-compose.yml | sort -u | while read -r name what; do
  grep -q "^$name=." .env || echo "Set $name in .env yourself: $what."
done
