SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help up down status logs call mode check check-shell check-proto check-helm check-java check-supply fuzz registry-history e2e drill drills test rehearse restarts split rehearse-migration bench bench-up rollout migrate dev-user dev-payment publish lock clean format

##@ The clusters
up: ## Two clusters, joined and serving, from whatever is there now (IMAGES=auto|build|pull)
	@scripts/up.sh
status: ## What runs where, and whether the clusters see each other
	@scripts/status.sh
call: ## One call through the mesh (FROM=beijing TARGET=user:9000 CALL="get-user ada")
	@scripts/call.sh
logs: ## The services' logs of all clusters (NAME=user|payment|postgres|caller|prometheus|alertmanager|jaeger|kafka|logs|otel-agent|otel-gateway|istiod|gateway|cilium|registry, CLUSTER=shanghai)
	@scripts/logs.sh
mode: ## Who serves a service, switched in all clusters together (SERVICE=user MODE=active-active|active-passive|local-first ACTIVE=shanghai)
	@scripts/mode.sh
rollout: ## Build what changed in the services and roll it out in all clusters
	@scripts/rollout.sh
down: ## Remove clusters, containers, network and contexts; caches stay
	@scripts/down.sh
clean: down ## Remove the caches and build results, too
	@scripts/clean.sh

##@ The proofs
test: ## Everything: make check, then make e2e
	@$(MAKE) check
	@$(MAKE) e2e
# Two at a time: what Java's tests wait for leaves the others a core.
check: ## Formatters, linters, unit and integration tests; needs no cluster
	@$(MAKE) --jobs=2 check-java check-shell check-proto check-helm check-supply
check-shell: ## Scripts: shellcheck and their tests
	@scripts/check/shell.sh
check-proto: ## Contracts: lint, format, and nothing that was published is gone
	@scripts/check/proto.sh
check-helm: ## Charts: helm lint, kubeconform, kube-score, schema tests, alert rules, documentation
	@scripts/check/helm.sh
	@scripts/check/telemetry.sh
	@scripts/check/manifests.sh
check-supply: ## Supply: the lock is complete, pull mode works against a real registry, damage is detected
	@scripts/check/supply.sh
check-java: ## Java: formatter, Error Prone, unit and integration tests
	@scripts/check/java.sh
fuzz: ## A fuzzer against all that reads what strangers wrote (FUZZ_SECONDS=60 each, FUZZ_TARGET=CallFuzz)
	@scripts/fuzz.sh
registry-history: ## Real registries, killed, paused and cut off: is any update lost, duplicated or reordered? (HISTORY_SECONDS=600 each)
	@scripts/registry-history.sh
e2e: ## The proofs against the running clusters, which are started when they are not up
	@scripts/e2e.sh
rehearse: ## Bad days of make up on the real clusters: reboot, Ctrl-C, a third cluster, pull mode (15 minutes)
	@scripts/rehearse.sh
rehearse-migration: ## Bad versions against the migration: crashing, slow, failing, wrong; each has to be taken back (5 minutes)
	@scripts/e2e.sh -Dtest=BadMigrationsTest
drill: ## Break something under load and measure (NAME=node-frozen, CONTROL=1 to compare with Istio's defaults); without NAME: the list
	@scripts/drill.sh $(NAME)
drills: ## Every drill, each also with Istio's defaults; results in e2e/target/drills
	@CONTROL=1 scripts/drill.sh --all

##@ Numbers
restarts: ## 100 rolling restarts of both services in all clusters under load, the report kept in docs/results/ (RESTARTS=100)
	@scripts/restarts.sh
split: ## 100,000 calls shared 80 to 20 by VirtualService, GRPCRoute and TrafficSplit, the report kept in docs/results/ (CALLS=100000)
	@scripts/split.sh
bench: ## What the platform costs a service, and AOT caches bring, in docs/results/bench.md; needs no cluster (BENCH_RUNS=3)
	@scripts/bench.sh
bench-up: ## Times of make up, make down and a rolled-out change, as a table
	@scripts/bench-up.sh

##@ Work on the code
dev-user: ## The user service alone on this machine, with live reload
	@scripts/dev.sh user
dev-payment: ## The payment service alone on this machine, with an embedded PostgreSQL and live reload
	@scripts/dev.sh payment
migrate: ## Move a service to its next version, in every cluster together (SERVICE=user FROM=tandem.user.v1 TO=tandem.user.v2 UNTIL=retired)
	@scripts/migrate.sh
publish: ## Freeze a contract as it is now, for good (VERSION=tandem.user.v2)
	@scripts/publish.sh "$(VERSION)"
format: ## Format the sources
	@scripts/format.sh
lock: ## Bring clusters/supply/lock.json up to date and check digests against the registries
	@scripts/lock.sh

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-zA-Z0-9_-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
