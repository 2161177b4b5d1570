"""Runs docker-compose.yml and checks it from outside. Only the standard library; see deploy/compose-test.sh."""
